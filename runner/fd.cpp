#include "runner/fd.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace slipway::runner {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void throw_errno(std::string_view doing, int error) {
  const bool may_pass = error == ENOSPC || error == EDQUOT || error == EMFILE || error == ENFILE ||
                        error == ENOMEM || error == EAGAIN || error == EIO;
  throw Failure(fmt::format("{}: {}", doing, std::system_category().message(error)),
                may_pass ? Retry::Later : Retry::Never);
}

void throw_errno(std::string_view doing) { throw_errno(doing, errno); }

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("making a pipe");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

Socket make_socket() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("making a socket");
  return Socket{Fd(ends[0]), Fd(ends[1])};
}

Socket make_message_socket() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("making a socket");
  Socket socket{Fd(ends[0]), Fd(ends[1])};
  const int on = 1;
  if (::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) throw_errno("asking who speaks");
  return socket;
}

Fd make_memory_file(std::string_view bytes) {
  Fd file(::memfd_create("slipway", MFD_CLOEXEC));
  if (!file) throw_errno("making a file in memory");
  write_all(file.get(), bytes);
  return file;
}

std::string read_all(int fd, std::size_t max) {
  std::string bytes;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t count = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(bytes.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("reading a file");
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > max) throw Failure(fmt::format("a file has more than {} bytes", max));
  }
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("writing a file");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void set_nonblocking(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
    throw_errno("making a descriptor not block");
}

}  // namespace slipway::runner
