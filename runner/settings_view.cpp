#include "runner/settings_view.h"

#include "core/crypto.h"
#include "runner/files.h"
#include "runner/system_paths.h"
#include "runner/walls.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEtc = "/etc";
constexpr std::size_t kMaxSetting = 16u << 20;
constexpr std::size_t kDigits = 16;

/// Another one as soon as an original changes, comes or goes.
std::string stamp_of_originals() {
  std::string stamp;
  for (const char* path : kSettingFiles) {
    struct stat info{};
    if (::stat(path, &info) != 0) continue;
    stamp += fmt::format("{} {} {} {}.{}\n", path, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                         info.st_mtim.tv_nsec);
  }
  return stamp;
}

std::string account(std::string_view name, std::uint32_t id) {
  return fmt::format("{}:x:{}:{}::{}:/usr/sbin/nologin\n", name, id, id, kHome);
}

/// Bytes by place.
std::map<std::string, std::string> settings() {
  std::map<std::string, std::string> files;
  for (const std::string path : kSettingFiles) {
    if (::access(path.c_str(), R_OK) == 0) files[path.substr(kEtc.size())] = read_file(path, kMaxSetting);
  }
  // The server's own accounts are nobody's business; a name for the user that a run has is what programs ask
  // for.
  const bool root = ::geteuid() == 0;
  files["/passwd"] = account("root", 0) + account("slipway", root ? kRunUser : ::geteuid());
  files["/group"] = fmt::format("root:x:0:\nslipway:x:{}:\n", root ? kRunUser : ::getegid());
  return files;
}

/// Readable to all users, whatever the umask.
void make_open_directories(const fs::path& top, const fs::path& below) {
  fs::path made = top;
  fs::permissions(made, fs::perms(0755));
  for (const auto& part : below.relative_path()) {
    made /= part;
    fs::create_directory(made);
    fs::permissions(made, fs::perms(0755));
  }
}

}  // namespace

SettingsViews::SettingsViews(std::string directory) : directory_(std::move(directory)) {
  make_directories(directory_);
}

SettingsView SettingsViews::current() const {
  const std::string stamp = stamp_of_originals();
  return made_.with([&](Made& made) {
    if (made.stamp != stamp || !exists(made.view.directory)) {
      made = {stamp, on_disk("copying what runs see of /etc", [this] { return make(); })};
    }
    return made.view;
  });
}

/// Named after what is in it: files that are written again with the same words make no further one.
SettingsView SettingsViews::make() const {
  SettingsView view;
  std::string all;
  const auto files = settings();
  for (const auto& [place, bytes] : files) {
    view.places.push_back(place);
    all += fmt::format("{} {}\n{}", place, bytes.size(), bytes);
  }
  view.directory = directory_ + "/etc-" + sha256_hex(all).substr(0, kDigits);
  if (exists(view.directory)) return view;

  const std::string beside = make_temporary_directory(directory_ + "/making-");
  for (const auto& [place, bytes] : files) {
    make_open_directories(beside, fs::path(place).parent_path());
    replace_file(beside + place, bytes);
  }
  std::error_code lost;  // to another process, which was first with the same one
  fs::rename(beside, view.directory, lost);
  if (lost) remove_tree(beside);
  if (!exists(view.directory)) throw fs::filesystem_error("naming it", view.directory, lost);
  return view;
}

}  // namespace slipway::runner
