#include "vcs/socket_stream.h"

#include "vcs/git.h"

#include <fmt/format.h>
#include <git2/sys/stream.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

namespace slipway::vcs {
namespace {

struct SocketStream : git_stream {
  SocketStream(std::string to_host, std::string to_port)
      : git_stream{}, host(std::move(to_host)), port(std::move(to_port)) {
    version = GIT_STREAM_VERSION;
  }

  std::string host;
  std::string port;
  int fd = -1;
};

SocketStream& own(git_stream* stream) { return *static_cast<SocketStream*>(stream); }

int refuse(const std::string& words) {
  git_error_set_str(GIT_ERROR_NET, words.c_str());
  return -1;
}

int refuse_by_errno(const std::string& doing) { return refuse(doing + ": " + std::strerror(errno)); }

int connect_stream(git_stream* stream) {
  SocketStream& self = own(stream);
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int code = ::getaddrinfo(self.host.c_str(), self.port.c_str(), &wanted, &list); code != 0) {
    return refuse(fmt::format("failed to resolve address for {}: {}", self.host, ::gai_strerror(code)));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(list, ::freeaddrinfo);
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    self.fd = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
    if (self.fd < 0) continue;
    if (::connect(self.fd, each->ai_addr, each->ai_addrlen) == 0) {
      const int on = 1;
      ::setsockopt(self.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return 0;
    }
    const int reason = errno;
    ::close(self.fd);
    self.fd = -1;
    errno = reason;
  }
  return refuse_by_errno(fmt::format("failed to connect to {}", self.host));
}

ssize_t read_stream(git_stream* stream, void* data, size_t size) {
  const ssize_t count = ::recv(own(stream).fd, data, size, 0);
  return count < 0 ? refuse_by_errno("error receiving data") : count;
}

ssize_t write_stream(git_stream* stream, const char* data, size_t size, int flags) {
  const ssize_t count = ::send(own(stream).fd, data, size, flags | MSG_NOSIGNAL);
  return count < 0 ? refuse_by_errno("error sending data") : count;
}

int close_stream(git_stream* stream) {
  SocketStream& self = own(stream);
  if (self.fd >= 0) ::close(self.fd);
  self.fd = -1;
  return 0;
}

void free_stream(git_stream* stream) {
  close_stream(stream);
  delete &own(stream);
}

int make_stream(git_stream** out, const char* host, const char* port) {
  auto stream = std::make_unique<SocketStream>(host, port);
  stream->connect = connect_stream;
  stream->read = read_stream;
  stream->write = write_stream;
  stream->close = close_stream;
  stream->free = free_stream;
  *out = stream.release();
  return 0;
}

}  // namespace

void use_prompt_sockets() {
  git_stream_registration sockets{GIT_STREAM_VERSION, make_stream, nullptr};
  must(git_stream_register(GIT_STREAM_STANDARD, &sockets), "giving libgit2 its sockets");
}

}  // namespace slipway::vcs
