#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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
bool exists(const std::string& path);
/// With all that is in it, links not followed, whatever their owner and mode; nothing there is fine.
void remove_tree(const std::string& path) noexcept;
/// Hands a directory with all that is in it to another user (links themselves, not what they lead to).
void give_tree(const std::string& path, std::uint32_t user);
/// fsync of a file or directory.
void make_durable(const std::string& path);
std::string sha256_of_file(const std::string& path);

}  // namespace slipway::runner
