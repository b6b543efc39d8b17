#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace slipway::runner {

/// A file descriptor, closed with its owner.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd() { close(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void close() noexcept;

 private:
  int fd_ = -1;
};

/// Throws Failure "DOING: what errno says"; a full disk and too many files may pass, so they are worth a
/// retry.
[[noreturn]] void throw_errno(std::string_view doing, int error);
/// The same with the errno of now.
[[noreturn]] void throw_errno(std::string_view doing);

struct Pipe {
  Fd read;
  Fd write;
};
/// Both ends close on exec; neither blocks the other's owner.
Pipe make_pipe();
struct Socket {
  Fd ours;
  Fd theirs;
};
/// A connected pair of stream sockets: writing where nobody reads any more is an error here, and no signal.
Socket make_socket();
/// The same with borders between messages, and the sender's process told with each that `ours` hears.
Socket make_message_socket();
/// A nameless file in memory that holds `bytes`: what a child reads at its own pace, from no disk and no
/// command line.
Fd make_memory_file(std::string_view bytes);
/// Everything from the start, wherever the offset is. Throws Failure beyond `max` bytes.
std::string read_all(int fd, std::size_t max);
/// Throws Failure.
void write_all(int fd, std::string_view bytes);
void set_nonblocking(int fd);

}  // namespace slipway::runner
