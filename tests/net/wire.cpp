#include "tests/net/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace slipway::net {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

}  // namespace

Wire Wire::to(std::uint16_t port) {
  Wire wire(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (::connect(wire.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connect");
  return wire;
}

Wire::Wire(int fd) : fd_(fd) {
  if (fd < 0) fail("socket");
  const timeval limit{.tv_sec = kStuck.count(), .tv_usec = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Wire::Wire(Wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)), read_(std::move(other.read_)) {}

Wire::~Wire() {
  if (fd_ >= 0) ::close(fd_);
}

void Wire::send(std::string_view text) {
  if (send_what_fits(text) != text.size()) fail("send");
}

std::size_t Wire::send_what_fits(std::string_view text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = ::send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) break;
    sent += static_cast<std::size_t>(count);
  }
  return sent;
}

bool Wire::fill() {
  std::array<char, 65'536> bytes;
  const ssize_t count = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (count < 0 && errno != ECONNRESET) fail("recv");
  if (count <= 0) return false;
  read_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::string Wire::take(std::size_t count) {
  std::string taken = read_.substr(0, count);
  read_.erase(0, count);
  return taken;
}

std::string Wire::until(std::string_view mark) {
  for (std::size_t from = 0;;) {
    const std::size_t at = read_.find(mark, from);
    if (at != std::string::npos) return take(at + mark.size());
    from = read_.size() < mark.size() ? 0 : read_.size() - mark.size() + 1;
    if (!fill()) return take(read_.size());
  }
}

std::string Wire::rest() {
  while (fill()) {
  }
  return take(read_.size());
}

bool Wire::is_over() { return read_.empty() && !fill(); }

WireAnswer Wire::answer(bool to_head) {
  WireAnswer answer;
  answer.head = until("\r\n\r\n");
  if (answer.head.size() < 12) throw std::runtime_error("no answer, but \"" + answer.head + "\"");
  answer.status = std::stoi(answer.head.substr(9, 3));
  for (std::size_t at = answer.head.find("\r\n") + 2; at + 2 < answer.head.size();) {
    const std::size_t end = answer.head.find("\r\n", at);
    const std::size_t colon = answer.head.find(": ", at);
    answer.headers[lower(answer.head.substr(at, colon - at))] =
        answer.head.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  if (to_head) return answer;
  if (const auto length = answer.headers.find("content-length"); length != answer.headers.end()) {
    const std::size_t size = std::stoull(length->second);
    while (read_.size() < size && fill()) {
    }
    answer.body = take(size);
  } else if (answer.headers.contains("transfer-encoding")) {
    while (const std::size_t size = std::stoull(until("\r\n"), nullptr, 16)) {
      while (read_.size() < size + 2 && fill()) {
      }
      answer.body += take(size);
      take(2);
    }
    take(2);
  } else if (answer.headers.contains("connection") && answer.headers["connection"] == "close") {
    answer.body = rest();
  }
  return answer;
}

void Wire::finish() { ::shutdown(fd_, SHUT_WR); }

void Wire::reset() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(std::exchange(fd_, -1));
}

Door::Door() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  if (fd_ < 0 || ::bind(fd_, name, size) != 0 || ::listen(fd_, 64) != 0 ||
      ::getsockname(fd_, name, &size) != 0)
    fail("listen");
  port_ = ntohs(address.sin_port);
}

Door::~Door() { ::close(fd_); }

Wire Door::accept() const { return Wire(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)); }

}  // namespace slipway::net
