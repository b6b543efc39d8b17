#include "vcs/slot_files.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace slipway::vcs {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view what, const std::string& path, const std::string& why) {
  throw Failure(fmt::format("{} {}: {}", what, path, why), Retry::Later);
}

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

/// All or nothing, also for a reader meanwhile.
void write_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(fresh, path, error);
  if (!out || error) fail("writing", path, error ? error.message() : std::strerror(errno));
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("removing", path, std::strerror(errno));
}

}  // namespace

SlotFiles::SlotFiles(std::string directory)
    : directory_(std::move(directory)), boot_(first_line("/proc/sys/kernel/random/boot_id")) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) fail("making", directory_, error.message());
}

std::vector<SlotFiles::Found> SlotFiles::find() const {
  std::vector<Found> out;
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const std::string name = entry.path().filename().string();
    Found slot;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), slot.number);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    const std::string whole = first_line(beside(slot.number, "whole"));
    if (const auto tree = parse_sha(std::string_view(whole).substr(0, whole.find(' ')));
        tree && whole == *tree + " " + boot_)
      slot.tree = *tree;
    const std::string leased = first_line(beside(slot.number, "leased"));
    if (std::int64_t since = 0; leased.ends_with(" " + boot_)) {
      std::from_chars(leased.data(), leased.data() + leased.size(), since);
      slot.leased = from_millis(since);
    }
    out.push_back(std::move(slot));
  }
  std::sort(out.begin(), out.end(), [](const Found& a, const Found& b) { return a.number < b.number; });
  return out;
}

std::string SlotFiles::path_of(int number) const { return fmt::format("{}/{}", directory_, number); }

std::string SlotFiles::beside(int number, std::string_view what) const {
  return fmt::format("{}/{}.{}", directory_, number, what);
}

void SlotFiles::set_unknown(int number) const { remove_file(beside(number, "whole")); }

void SlotFiles::set_whole(int number, const Sha& tree) const {
  write_file(beside(number, "whole"), fmt::format("{} {}\n", tree, boot_));
}

void SlotFiles::set_leased(int number, bool leased) const {
  if (!leased) return remove_file(beside(number, "leased"));
  write_file(beside(number, "leased"), fmt::format("{} {}\n", to_millis(SystemClock().now()), boot_));
}

void SlotFiles::empty(int number) const {
  std::error_code error;
  fs::remove_all(path_of(number), error);
  if (!error) fs::create_directory(path_of(number), error);
  if (error) fail("emptying", path_of(number), error.message());
}

void SlotFiles::remove(int number) const {
  set_unknown(number);
  set_leased(number, false);
  std::error_code error;
  fs::remove_all(path_of(number), error);
  if (error) fail("removing", path_of(number), error.message());
}

}  // namespace slipway::vcs
