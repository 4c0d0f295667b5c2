# SPDX-License-Identifier: GPL-2.0
# Each target hands on to the room that does the work; `make help` lists them.

# Kernels (scripts/kernels.sh) that the module is built for, and the one to play with.
KERNELS ?= 6.12 6.1
KERNEL  ?= 6.12

PREFIX  ?= /usr
DESTDIR ?=
export PREFIX DESTDIR

# As many jobs as CPUs, unless told otherwise.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
# For what is no make itself, but may call one: it cannot join our jobs.
APART := env -u MAKEFLAGS -u MFLAGS

all: kmod user ## build the module for Debian's two kernels, and the userspace

kmod: $(KERNELS:%=kmod-%) ## build lb.ko for each of KERNELS (default: 6.12 6.1)
kmod-%: kernel-%
	+@$(MAKE) --no-print-directory -C kmod KERNEL=$*

user: bootstrap ## build lbctl and lbd
	+@$(MAKE) --no-print-directory -C user

run: kmod-$(KERNEL) user ## show lb at work: a client, a director and two web servers in a virtual machine
	@$(APART) qemu/lab run --kernel $(KERNEL) -- tests/net/demo.sh

shell: kmod-$(KERNEL) user ## a prompt in that virtual machine (KERNEL=6.12|6.1|um|...)
	@$(APART) qemu/lab shell --kernel $(KERNEL)

test: bootstrap ## run every level of test, or only LEVELS="unit lab-6.12 ..."
	@$(APART) tests/run $(LEVELS)

test-debug: bootstrap ## run the lab's tests on the kernels with sanitizers
	@$(APART) tests/run $(or $(LEVELS),lab-self debug-um-all debug-x86)

bench: kmod-$(KERNEL) user ## count instructions per packet, against ip_vs and plain forwarding
	@$(APART) tests/bench/run

bench-daemon: kmod-um user ## time starts and reloads of lbd beside keepalived's
	@$(APART) qemu/lab run --kernel um --mem 1536 --timeout 3600 -- tests/bench/daemon.py

check: bootstrap ## style, sparse, lint and generated files
	@$(APART) scripts/check

install: ## install lbctl, lbd, and lb.ko where the running kernel's headers are (DESTDIR, PREFIX)
	+@$(MAKE) --no-print-directory -C user install
	@$(APART) scripts/install-module

uninstall: ## remove lbctl with its other names, and lbd (not the module)
	+@$(MAKE) --no-print-directory -C user uninstall

clean: ## remove everything that was built (the kernels' cache stays)
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | column -t -s @

bootstrap:
	@scripts/bootstrap
kernel-%: bootstrap
	@$(APART) sh -c '. scripts/kernels.sh && kernel_ensure . $*'

.PHONY: all kmod user run shell test test-debug bench bench-daemon check install uninstall clean help bootstrap
