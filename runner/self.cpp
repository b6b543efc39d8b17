#include "runner/self.h"

#include "runner/runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>

namespace slipway::runner {

int self() {
  static const Fd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  if (!file) throw_errno("opening this program's executable");
  return file.get();
}

std::string passed_self() { return fmt::format("/proc/self/fd/{}", kSelfFd); }

std::vector<std::string> internal_argv(std::string_view name) {
  return {"slipway", "internal", std::string(name)};
}

void remember_self() {
  self();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // Neither a core file nor a process of the same user may read this one's memory or environment. (A
  // sanitizer's leak check has to.)
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace slipway::runner
