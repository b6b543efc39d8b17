#include "runner/cli/provider_store.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "runner/fd.h"
#include "runner/files.h"
#include "runner/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

/// HOST/NAMESPACE/TYPE/VERSION/OS_ARCH
constexpr int kDepth = 5;
/// How often a project without a lock file looks for newer versions of its providers.
constexpr std::chrono::hours kAskAgain{1};
constexpr int kLockPoll = 100;  // milliseconds
constexpr std::size_t kMaxLock = 4u << 20;

/// Readable to every run's user, writable to none.
void settle(const fs::path& package) {
  const auto settle_one = [](const fs::path& path) {
    if (::lchown(path.c_str(), ::geteuid(), ::getegid()) != 0) throw_errno("taking over " + path.string());
    const auto status = fs::symlink_status(path);
    if (fs::is_symlink(status)) return;
    using fs::perms;
    const bool opens = fs::is_directory(status) || (status.permissions() & perms::owner_exec) != perms::none;
    fs::permissions(path, opens ? perms(0755) : perms(0644));
  };
  settle_one(package);
  for (const auto& entry : fs::recursive_directory_iterator(package)) settle_one(entry.path());
}

void make_mirror_directory(const fs::path& path) {
  make_directories(path);
  fs::permissions(path, fs::perms(0755));
}

/// A link of a run's making may lead anywhere.
bool is_in_one_of(const std::vector<std::string>& directories, const fs::path& path) {
  for (const auto& directory : directories) {
    std::error_code error;
    const fs::path relative = path.lexically_relative(fs::canonical(directory, error));
    if (!error && !relative.empty() && *relative.begin() != "..") return true;
  }
  return false;
}

}  // namespace

ProviderStore::ProviderStore(std::string directory)
    : directory_(std::move(directory)), packages_(directory_ + "/packages") {
  make_mirror_directory(packages_);
  make_directories(directory_ + "/locks");
  make_directories(directory_ + "/asked");
}

void ProviderStore::write(const std::stop_token& stop, const std::function<void()>& action) {
  const std::string path = directory_ + "/writer";
  const Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) throw_errno("opening " + path);
  const StopDescriptor stopped(stop);
  // Each opening is a holder of its own, so this keeps threads apart as well as processes.
  while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw_errno("locking " + path);
    pollfd polled{stopped.get(), POLLIN, 0};
    if (::poll(&polled, 1, kLockPoll) > 0) throw Stopped();
  }
  action();
}

void ProviderStore::take(const std::string& fetched, const std::vector<std::string>& mirrors) {
  if (!is_plain_directory(fetched)) return;
  on_disk("keeping a provider", [&] {
    for (fs::recursive_directory_iterator entry(fetched), end; entry != end; ++entry) {
      if (entry.depth() != kDepth - 1) continue;
      entry.disable_recursion_pending();
      const fs::path place = packages_ / entry->path().lexically_relative(fetched);
      if (!exists(place)) take_package(entry->path(), place, mirrors);
    }
  });
}

void ProviderStore::take_package(const std::string& package, const std::string& place,
                                 const std::vector<std::string>& mirrors) {
  const bool linked = fs::is_symlink(fs::symlink_status(package));
  if (linked ? !is_in_one_of(mirrors, fs::canonical(package)) : !is_plain_directory(package)) return;
  fs::path made = packages_;
  for (const auto& part : fs::path(place).parent_path().lexically_relative(packages_)) {
    made /= part;
    make_mirror_directory(made);
  }
  // It appears under its name at once: a reader sees all of it or nothing.
  const std::string beside = directory_ + "/incoming";
  remove_tree(beside);
  std::error_code error;
  if (linked) {
    fs::copy(fs::canonical(package), beside, fs::copy_options::recursive);
  } else if (fs::rename(package, beside, error); error) {
    fs::copy(package, beside, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  }
  settle(beside);
  fs::rename(beside, place);
}

std::optional<std::string> ProviderStore::completed_lock(const std::string& lock) const {
  return read_inside(directory_ + "/locks", sha256_hex(lock), kMaxLock);
}

void ProviderStore::remember_completed(const std::string& lock, const std::string& completed) {
  replace_file(directory_ + "/locks/" + sha256_hex(lock), completed);
}

bool ProviderStore::asked_lately(const std::string& lock) const {
  std::error_code error;
  const auto asked = fs::last_write_time(directory_ + "/asked/" + sha256_hex(lock), error);
  return !error && fs::file_time_type::clock::now() - asked < kAskAgain;
}

void ProviderStore::remember_asked(const std::string& lock) {
  replace_file(directory_ + "/asked/" + sha256_hex(lock), "");
}

}  // namespace slipway::runner
