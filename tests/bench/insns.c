// SPDX-License-Identifier: GPL-2.0
/* A QEMU TCG plugin that counts how often each block of guest code runs, between marks.
 *
 * A mark is the instruction "xchg %bx,%bx" (66 87 db), which no compiler emits and any program
 * may execute. The first mark clears the counts, the second writes them to OUT.1, the third
 * clears them, and so on. A line of OUT.N is a block: address, instructions, how many of them
 * are atomic, executions. Names are given to addresses by whoever reads the file.
 *
 *     -plugin insns.so,out=OUT
 *
 * Blocks are counted without a lock: the guest must have one CPU thread (-accel tcg,thread=single).
 * Debian has no package with qemu-plugin.h, so the few declarations needed stand here; they are
 * those of version 1 of the interface (QEMU 4.2 to 8.x).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_CB_NO_REGS };
enum { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                           void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int, void *, uint64_t);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *,
                                            void (*)(unsigned int, void *), int, void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

struct block {
    struct block *next;
    uint64_t addr, insns, atomics, runs;
};

static struct block *blocks[1 << 18];
static const char *out = "profile";
static unsigned int marks;

static void mark(unsigned int cpu, void *unused)
{
    const bool start = marks++ % 2 == 0;
    char name[4096];
    FILE *f = NULL;

    (void)cpu;
    (void)unused;
    if (!start) {
        snprintf(name, sizeof(name), "%s.%u", out, marks / 2);
        f = fopen(name, "w");
    }
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        for (struct block *b = blocks[i]; b; b = b->next) {
            if (f && b->runs)
                fprintf(f, "%" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", b->addr, b->insns,
                        b->atomics, b->runs);
            b->runs = 0;
        }
    }
    if (f)
        fclose(f);
}

/* A lock prefix, or xchg with memory, which needs none. */
static bool is_atomic(const unsigned char *code, size_t size)
{
    size_t i = 0;

    for (; i < size && strchr("\x66\x67\xf0\xf2\xf3\x2e\x36\x3e\x26\x64\x65", code[i]) && code[i];
         i++)
        if (code[i] == 0xf0)
            return true;
    if (i < size && (code[i] & 0xf0) == 0x40)
        i++;
    return i + 1 < size && (code[i] & 0xfe) == 0x86 && code[i + 1] < 0xc0;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    const uint64_t addr = qemu_plugin_tb_vaddr(tb);
    const size_t insns = qemu_plugin_tb_n_insns(tb);
    struct block **head = &blocks[(addr ^ addr >> 18) % (sizeof(blocks) / sizeof(blocks[0]))];
    struct block *b = *head;
    uint64_t atomics = 0;

    (void)id;
    for (size_t i = 0; i < insns; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        const unsigned char *code = qemu_plugin_insn_data(insn);
        const size_t size = qemu_plugin_insn_size(insn);

        if (size == 3 && !memcmp(code, "\x66\x87\xdb", 3))
            qemu_plugin_register_vcpu_insn_exec_cb(insn, mark, QEMU_PLUGIN_CB_NO_REGS, NULL);
        atomics += is_atomic(code, size);
    }
    while (b && (b->addr != addr || b->insns != insns))
        b = b->next;
    if (!b) {
        b = calloc(1, sizeof(*b));
        if (!b)
            return;
        *b = (struct block){.next = *head, .addr = addr, .insns = insns, .atomics = atomics};
        *head = b;
    }
    qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &b->runs, 1);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++)
        if (!strncmp(argv[i], "out=", 4))
            out = strdup(argv[i] + 4);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
