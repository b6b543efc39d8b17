#include "bot/config/key_file.h"

#include "core/crypto.h"
#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace slipway::config {
namespace {

/// Written whole under another name first: a crash never leaves half a key, and two starts never make two.
void create_key(const std::string& path, Random& random) {
  const std::string draft = fmt::format("{}.{}", path, random.hex(8));
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) throw Failure(fmt::format("cannot create the key file {}: {}", path, std::strerror(errno)));
  const std::string text = random.hex(kKeyBytes * 2) + "\n";
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  const bool linked = written && synced && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const int error = errno;
  ::unlink(draft.c_str());
  if (!linked) throw Failure(fmt::format("cannot create the key file {}: {}", path, std::strerror(error)));
}

}  // namespace

std::vector<Secret> load_keys(const std::string& path, bool create, Random& random) {
  if (create && ::access(path.c_str(), F_OK) != 0) create_key(path, random);
  std::ifstream in(path);
  if (!in) throw Failure(fmt::format("cannot read the key file {}: {}", path, std::strerror(errno)));
  std::vector<Secret> keys;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    Secret key(from_hex(line));
    if (key.reveal().size() != kKeyBytes)
      throw Failure(fmt::format("{}: a key is 64 hex digits on a line", path));
    keys.push_back(std::move(key));
  }
  if (keys.empty()) throw Failure(fmt::format("{} holds no key", path));
  return keys;
}

}  // namespace slipway::config
