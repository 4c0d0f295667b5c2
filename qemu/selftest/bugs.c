// SPDX-License-Identifier: GPL-2.0
/* Misbehaves as told (insmod bugs.ko what=...), so that the lab can be seen to
 * notice. Never loaded by anything but qemu/selftest/run.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *what = "";
module_param(what, charp, 0);

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);
static void __rcu *pointer;

static void use_after_free(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	WRITE_ONCE(p[5], 1);
}

static void read_out_of_bounds(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	pr_info("bugs: read %d\n", READ_ONCE(p[101]));
	kfree(p);
}

/* a then b, later b then a: one CPU does not deadlock, lockdep objects. */
static void lock_inversion(void)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);
	spin_lock(&lock_b);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

static void sleep_in_atomic(void)
{
	spin_lock(&lock_a);
	msleep(1);
	spin_unlock(&lock_a);
}

static int __init bugs_init(void)
{
	if (!strcmp(what, "warn"))
		WARN_ON(1);
	else if (!strcmp(what, "oops"))
		WRITE_ONCE(*(int *)8, 1);
	else if (!strcmp(what, "panic"))
		panic("asked for");
	else if (!strcmp(what, "use-after-free"))
		use_after_free();
	else if (!strcmp(what, "out-of-bounds"))
		read_out_of_bounds();
	else if (!strcmp(what, "leak"))
		pr_info("bugs: lost %p\n", kmalloc(100, GFP_KERNEL));
	else if (!strcmp(what, "lock-inversion"))
		lock_inversion();
	else if (!strcmp(what, "rcu"))
		pr_info("bugs: read %p\n", rcu_dereference(pointer));
	else if (!strcmp(what, "sleep-in-atomic"))
		sleep_in_atomic();
	return 0;
}

static void __exit bugs_exit(void)
{
}

module_init(bugs_init);
module_exit(bugs_exit);
MODULE_DESCRIPTION("deliberate bugs");
MODULE_LICENSE("GPL");
