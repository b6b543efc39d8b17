#include "tests/state/backend_server.h"

#include "core/json_reader.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

namespace slipway::state {
namespace {

/// A request's head and body; nothing at the connection's end.
struct Heard {
  std::string verb;
  std::string target;
  std::string md5;
  std::string body;
};

std::string header(const std::string& head, std::string name) {
  std::string lowered = head;
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  name = "\r\n" + name + ": ";
  const auto at = lowered.find(name);
  if (at == std::string::npos) return {};
  const auto begin = at + name.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::optional<Heard> hear(int connection) {
  std::string bytes;
  std::size_t head_end = std::string::npos;
  std::size_t whole = 0;
  while (head_end == std::string::npos || bytes.size() < whole) {
    char piece[16 * 1024];
    const ssize_t count = recv(connection, piece, sizeof piece, 0);
    if (count <= 0) return {};
    bytes.append(piece, static_cast<std::size_t>(count));
    if (head_end != std::string::npos) continue;
    head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string::npos) continue;
    const std::string length = header(bytes.substr(0, head_end + 2), "content-length");
    whole = head_end + 4 + (length.empty() ? 0 : static_cast<std::size_t>(std::stoul(length)));
  }
  const std::string head = bytes.substr(0, head_end + 2);
  const auto first = head.find(' ');
  const auto second = head.find(' ', first + 1);
  return Heard{head.substr(0, first), head.substr(first + 1, second - first - 1), header(head, "content-md5"),
               bytes.substr(head_end + 4)};
}

BackendRequest request_of(const Heard& heard, bool may_write) {
  using Verb = BackendRequest::Verb;
  const std::vector<std::pair<std::string, Verb>> verbs = {{"GET", Verb::Get},
                                                           {"POST", Verb::Post},
                                                           {"DELETE", Verb::Delete},
                                                           {"LOCK", Verb::Lock},
                                                           {"UNLOCK", Verb::Unlock}};
  BackendRequest request;
  for (const auto& [name, verb] : verbs)
    if (name == heard.verb) request.verb = verb;
  const auto id = heard.target.find("?ID=");
  if (id != std::string::npos) request.lock_id = heard.target.substr(id + 4);
  request.content_md5 = heard.md5;
  request.body = heard.body;
  request.may_write = may_write;
  return request;
}

std::string perform(BackendServer::Held& held, const Heard& heard) {
  using Effect = BackendAnswer::Effect;
  BackendAnswer answered = answer(held.held, request_of(heard, held.may_write));
  switch (answered.effect) {
    case Effect::None:
      break;
    case Effect::SendState:
      answered.body = held.state;
      break;
    case Effect::StoreState:
      held.state = heard.body;
      held.held.serial = answered.serial;
      held.held.digest = answered.digest;
      break;
    case Effect::RemoveState:
      held.state.clear();
      held.held.serial.reset();
      break;
    case Effect::TakeLock:
      held.held.lock_id = answered.lock_id;
      held.held.lock_info = heard.body;
      break;
    case Effect::DropLock:
      held.held.lock_id.clear();
      held.held.lock_info.clear();
      break;
  }
  held.log.push_back(fmt::format("{} {}", heard.verb, answered.status));
  return fmt::format("HTTP/1.1 {} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                     answered.status, answered.body.size(), answered.body);
}

}  // namespace

BackendServer::BackendServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&place), size) == 0);
  REQUIRE(listen(listener_, 16) == 0);
  REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size) == 0);
  port_ = ntohs(place.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

BackendServer::~BackendServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string BackendServer::address() const { return fmt::format("http://127.0.0.1:{}/state", port_); }

void BackendServer::lock_as(const std::string& info) {
  held_.with([&](Held& held) {
    held.held.lock_id = info.empty() ? "" : parse_json(info)->find("ID")->string();
    held.held.lock_info = info;
  });
}

void BackendServer::may_write(bool may) {
  held_.with([&](Held& held) { held.may_write = may; });
}

BackendServer::Held BackendServer::held() const {
  return held_.with([](const Held& held) { return held; });
}

void BackendServer::serve() {
  for (;;) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    converse(connection);
    close(connection);
  }
}

void BackendServer::converse(int connection) {
  while (const auto heard = hear(connection)) {
    const std::string reply = held_.with([&](Held& held) { return perform(held, *heard); });
    if (send(connection, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) return;
  }
}

}  // namespace slipway::state
