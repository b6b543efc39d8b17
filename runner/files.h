#pragma once

#include "core/failure.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace slipway::runner {

/// Small deeds on our own part of the disk. All throw Failure with the path and the reason.

/// With its parents; mode 0700, whatever the umask.
void make_directories(const std::string& path);
/// A new directory, PREFIX and six random characters, mode 0700.
std::string make_temporary_directory(const std::string& prefix);
/// Whole or not at all: written beside it and renamed. `durable`: it survives a loss of power once this
/// returns.
void replace_file(const std::string& path, std::string_view bytes, bool durable = false);
/// Whole; throws beyond `max` bytes.
std::string read_file(const std::string& path, std::size_t max = 1u << 30);
/// A regular file below `directory`, where a run may have put anything: no link is followed, and nothing but
/// a file is read. Nothing when there is none such.
std::optional<std::string> read_inside(const std::string& directory, const std::string& name,
                                       std::size_t max = 1u << 30);
bool exists(const std::string& path);
/// Itself a regular file, not a link to one.
bool is_plain_file(const std::string& path);
bool is_plain_directory(const std::string& path);
/// With all that is in it, links not followed, whatever their owner and mode; nothing there is fine.
void remove_tree(const std::string& path) noexcept;
/// Hands a directory with all that is in it to another user (links themselves, not what they lead to).
void give_tree(const std::string& path, std::uint32_t user);
/// fsync of a file or directory.
void make_durable(const std::string& path);
std::string sha256_of_file(const std::string& path);

/// Runs what uses std::filesystem; its errors leave as Failure with a note of what was being done.
template <class Action>
decltype(auto) on_disk(std::string_view doing, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (const std::filesystem::filesystem_error& error) {
    throw Failure(std::string(doing) + ": " + error.what(), Retry::Later);
  }
}

}  // namespace slipway::runner
