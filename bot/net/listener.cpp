#include "bot/net/listener.h"

#include "core/failure.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace slipway::net {
namespace {

[[noreturn]] void refuse(const std::string& address, std::uint16_t port, const char* reason) {
  throw Failure(fmt::format("cannot listen on {}, port {}: {}", address, port, reason));
}

}  // namespace

Listener listen(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string host = address == "localhost" ? "127.0.0.1" : address;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    refuse(address, port, "that is no IP address");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);

  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) refuse(address, port, std::strerror(errno));
  // A restart must not wait until the last life's connections have timed out.
  const int yes = 1;
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(fd, found->ai_addr, found->ai_addrlen) != 0 || ::listen(fd, SOMAXCONN) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    const int reason = errno;
    ::close(fd);
    refuse(address, port, std::strerror(reason));
  }
  const bool is_v6 = name.ss_family == AF_INET6;
  const in_port_t bound = is_v6 ? reinterpret_cast<const sockaddr_in6&>(name).sin6_port
                                : reinterpret_cast<const sockaddr_in&>(name).sin_port;
  return {.fd = fd, .is_v6 = is_v6, .port = ntohs(bound)};
}

}  // namespace slipway::net
