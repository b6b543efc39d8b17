#include "runner/system_calls.h"

#include "core/failure.h"

#include <fmt/format.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace slipway::runner {
namespace {

// By name: a kernel or a libseccomp that doesn't know one can't run it either.
constexpr const char* kDenied[] = {
    // Other processes.
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    // Large and often broken surfaces of the kernel.
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "vmsplice",
    "fanotify_init",
    "lookup_dcookie",
    "uselib",
    "nfsservctl",
    "vm86",
    "vm86old",
    "modify_ldt",
    // Keyrings are not in any namespace.
    "add_key",
    "request_key",
    "keyctl",
    // Mounts and namespaces.
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "unshare",
    "setns",
    // The machine.
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "swapon",
    "swapoff",
    "reboot",
    "syslog",
    "acct",
    "quotactl",
    "quotactl_fd",
    "iopl",
    "ioperm",
    "sethostname",
    "setdomainname",
    "settimeofday",
    "clock_settime",
    "clock_settime64",
    "clock_adjtime",
    "clock_adjtime64",
    "adjtimex",
    "stime",
    // Files by handle step over every wall that is made of paths.
    "open_by_handle_at",
    "name_to_handle_at",
};

constexpr std::uint64_t kNewNamespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ALLOW)) {
    if (!context_) throw Failure("making a filter of system calls: out of memory", Retry::Later);
    // Calls of another architecture (32 bits on a 64-bit kernel) would pass unseen.
    check(seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS)));
  }

  void deny(const char* name, int error = EPERM) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;
    ignore_unknown(seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(static_cast<unsigned>(error)), number, 0));
  }

  void deny(const char* name, scmp_arg_cmp when) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;
    ignore_unknown(seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(EPERM), number, 1, when));
  }

  void load() { check(seccomp_load(context_.get())); }

 private:
  // EDOM: this architecture hasn't the call.
  static void ignore_unknown(int result) {
    if (result != -EDOM) check(result);
  }
  static void check(int result) {
    if (result >= 0) return;
    throw Failure(fmt::format("filtering system calls: {}", std::system_category().message(-result)));
  }

  struct Release {
    void operator()(void* context) const { seccomp_release(context); }
  };
  std::unique_ptr<void, Release> context_;
};

}  // namespace

void deny_system_calls() {
  Filter filter;
  for (const char* name : kDenied) filter.deny(name);

  filter.deny("clone3", ENOSYS);
  for (std::uint64_t bit = 1; bit != 0; bit <<= 1) {
    if ((kNewNamespaces & bit) != 0) filter.deny("clone", SCMP_A0(SCMP_CMP_MASKED_EQ, bit, bit));
  }

  // Sockets of files, of the internet, and of the kernel's routing (name resolution asks it); no raw packets,
  // no virtual machines' host, no cryptography of the kernel.
  for (int family = 0; family <= AF_NETLINK; ++family) {
    if (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK) continue;
    filter.deny("socket", SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
  }
  filter.deny("socket", SCMP_A0(SCMP_CMP_GT, AF_NETLINK));

  // Typing into the terminal of whoever started the server. The kernel looks at 32 bits of the request.
  constexpr scmp_datum_t kRequestBits = 0xffffffff;
  filter.deny("ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, kRequestBits, TIOCSTI));
  filter.deny("ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, kRequestBits, TIOCLINUX));

  filter.load();
}

}  // namespace slipway::runner
