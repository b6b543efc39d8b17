#include "runner/landlock.h"

#include "runner/fd.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace slipway::runner {
namespace {

// The headers of the C library are older than the kernels that people run: what they lack is written down
// here, as linux/landlock.h of Linux 6.12 has it.
struct RulesetAttributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;
  std::uint64_t scoped = 0;
};
constexpr std::uint64_t kTruncate = 1ull << 14;     // version 3
constexpr std::uint64_t kIoctlDevice = 1ull << 15;  // version 5
constexpr std::uint64_t kScopeAbstractSockets = 1ull << 0;
constexpr std::uint64_t kScopeSignals = 1ull << 1;

constexpr std::uint64_t kReadDirectory =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
/// What a rule may allow of a file that is no directory.
constexpr std::uint64_t kOfFiles = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                   LANDLOCK_ACCESS_FS_READ_FILE | kTruncate | kIoctlDevice;

std::uint64_t every_access(int version) {
  std::uint64_t access = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
  if (version >= 2) access |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3) access |= kTruncate;
  if (version >= 5) access |= kIoctlDevice;
  return access;
}

void allow(int ruleset, const std::string& path, std::uint64_t access) {
  const Fd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  // What isn't there needs no rule; it stays denied if it comes.
  if (!place) return;
  struct stat info{};
  if (::fstat(place.get(), &info) != 0) throw_errno(fmt::format("looking at {}", path));
  landlock_path_beneath_attr rule{};
  rule.allowed_access = S_ISDIR(info.st_mode) ? access : access & kOfFiles;
  rule.parent_fd = place.get();
  if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
    throw_errno(fmt::format("letting Landlock allow {}", path));
  }
}

}  // namespace

int landlock_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

void restrict_self(const VisiblePaths* visible) {
  const int version = landlock_version();
  RulesetAttributes attributes;
  if (visible != nullptr && version >= 1) attributes.handled_access_fs = every_access(version);
  if (version >= kLandlockScopes) attributes.scoped = kScopeAbstractSockets | kScopeSignals;
  if (attributes.handled_access_fs == 0 && attributes.scoped == 0) return;

  // A kernel that doesn't know the later fields refuses them unless they are zero.
  const Fd ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  if (!ruleset) throw_errno("making a Landlock ruleset");
  if (visible != nullptr) {
    const std::uint64_t every = attributes.handled_access_fs;
    for (const auto& path : visible->read) allow(ruleset.get(), path, kReadDirectory & every);
    for (const auto& path : visible->write) allow(ruleset.get(), path, every);
  }
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
    throw_errno("entering the Landlock ruleset");
}

}  // namespace slipway::runner
