# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Where the lab's kernels lie. To be sourced; POSIX sh, so that make can use it:
#
#	KDIR := $(shell . ../scripts/kernels.sh; kernel_kdir $(KERNEL))
#
# Kernels are named, not versioned:
#   6.12 6.1     Debian's own, fetched by scripts/fetch-kernels
#   um umdbg     User Mode Linux, plain and with sanitizers, built by qemu/build-kernel
#   x86dbg       sanitizers, for QEMU with several CPUs, built by qemu/build-kernel
#
# A kernel is a folder (or a link to one) of the cache and holds
#   release      one line: what `uname -r` says
#   image        what to boot (an ELF vmlinux, or the UML program)
#   build        the KDIR for external modules
#   root/        lib/modules/<release>, ready for modprobe -d
# It appears there complete or not at all.

LBD_CACHE=${LBD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/lbd}

# shellcheck disable=SC2034  # for those who source this
KERNELS_STOCK="6.12 6.1"
# shellcheck disable=SC2034
KERNELS_BUILT="um umdbg x86dbg"

kernel_dir()     { echo "$LBD_CACHE/kernels/$1"; }
kernel_present() { [ -s "$LBD_CACHE/kernels/$1/release" ]; }

# These fail, with nothing on stdout, when the kernel is not in the cache.
kernel_release() { kernel_present "$1" && cat "$LBD_CACHE/kernels/$1/release"; }
kernel_image()   { kernel_present "$1" && echo "$LBD_CACHE/kernels/$1/image"; }
kernel_kdir()    { kernel_present "$1" && echo "$LBD_CACHE/kernels/$1/build"; }
kernel_root()    { kernel_present "$1" && echo "$LBD_CACHE/kernels/$1/root"; }

# UML kernels are built and loaded into with ARCH=um.
kernel_arch() { case $1 in um*) echo um ;; *) echo x86_64 ;; esac; }

# Fetches or builds what is missing; quick and silent when nothing is.
# Needs the repository's root in $1.
kernel_ensure() {
	case $2 in 6.*) kernel_present "$2" && return ;; esac
	case $2 in
	6.*) "$1/scripts/fetch-kernels" "$2" ;;
	*)   "$1/qemu/build-kernel" "$2" ;;
	esac
}

# Debian's linux-source-6.12, unpacked: checkpatch, kernel-doc, ynl and the
# source that the built kernels come from.
linux_source() { echo "$LBD_CACHE/linux-source-6.12"; }
