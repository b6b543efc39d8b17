#include "tests/hooks/loopback.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slipway::hooks {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  place.sin_port = htons(port);
  return place;
}

std::string receive_all(int connection) {
  std::string out;
  char piece[16 * 1024];
  for (ssize_t count = 0; (count = recv(connection, piece, sizeof piece, 0)) > 0;)
    out.append(piece, static_cast<std::size_t>(count));
  return out;
}

}  // namespace

Listener::Listener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in place = loopback(0);
  socklen_t size = sizeof place;
  REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&place), size) == 0);
  REQUIRE(listen(socket_, 16) == 0);
  REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&place), &size) == 0);
  port_ = ntohs(place.sin_port);
}

Listener::~Listener() { ::close(socket_); }

int Listener::accept() const { return accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC); }

void Listener::close() { shutdown(socket_, SHUT_RDWR); }

JsonServer::JsonServer(std::string body)
    : thread_([this, body = std::move(body)] {
        const std::string answer = fmt::format(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: "
            "close\r\n\r\n{}",
            body.size(), body);
        for (int connection = 0; (connection = listener_.accept()) >= 0; ::close(connection)) {
          char request[4'096];
          if (recv(connection, request, sizeof request, 0) > 0)
            (void)send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
      }) {}

JsonServer::~JsonServer() { listener_.close(); }

std::uint16_t free_port() { return Listener().port(); }

std::string get(std::uint16_t port, const std::string& target) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in place = loopback(port);
  std::string answer;
  if (connect(connection, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0) {
    const std::string request = fmt::format("GET {} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", target);
    (void)send(connection, request.data(), request.size(), MSG_NOSIGNAL);
    answer = receive_all(connection);
  }
  ::close(connection);
  const auto body = answer.find("\r\n\r\n");
  return answer.find(" 200 ") == 8 && body != std::string::npos ? answer.substr(body + 4) : std::string();
}

}  // namespace slipway::hooks
