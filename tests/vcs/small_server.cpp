#include "tests/vcs/small_server.h"

#include "core/crypto.h"
#include "tests/vcs/git_room.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace slipway::vcs {
namespace {

int listen_on_loopback(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, 16) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no loopback socket");
  port = ntohs(address.sin_port);
  return fd;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Reads until `text` holds `wanted` bytes, or to the end of the headers when that is 0.
bool receive(int fd, std::string& text, std::size_t wanted) {
  const auto enough = [&] {
    return wanted != 0 ? text.size() >= wanted : text.find("\r\n\r\n") != std::string::npos;
  };
  while (!enough()) {
    char buffer[16 * 1024];
    const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return true;
}

SmallServer::Seen parse(const std::string& head) {
  SmallServer::Seen seen;
  const auto space = head.find(' ');
  seen.method = head.substr(0, space);
  seen.target = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  for (auto at = head.find("\r\n"); at + 2 < head.size();) {
    const auto end = head.find("\r\n", at + 2);
    const std::string line = head.substr(at + 2, end - at - 2);
    if (const auto colon = line.find(": "); colon != std::string::npos)
      seen.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    at = end;
  }
  return seen;
}

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no pipe");
  std::string out;
  char buffer[16 * 1024];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    out.append(buffer, count);
  ::pclose(pipe);
  return out;
}

}  // namespace

SmallServer::SmallServer(Answer answer)
    : answer_(std::move(answer)),
      listener_(listen_on_loopback(port_)),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

SmallServer::~SmallServer() {
  thread_.request_stop();
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string SmallServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::vector<SmallServer::Seen> SmallServer::seen() const {
  return seen_.with([](const std::vector<Seen>& seen) { return seen; });
}

void SmallServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    talk(connection);
    ::close(connection);
  }
}

void SmallServer::talk(int connection) {
  std::string text;
  if (!receive(connection, text, 0)) return;
  const auto head = text.find("\r\n\r\n") + 4;
  Seen seen = parse(text.substr(0, head - 2));
  if (seen.headers.count("transfer-encoding") != 0) {
    while (text.find("0\r\n\r\n", head) == std::string::npos)
      if (!receive(connection, text, text.size() + 1)) return;
    for (auto at = head; at < text.size();) {
      const auto size = std::strtoul(text.c_str() + at, nullptr, 16);
      at = text.find("\r\n", at) + 2;
      seen.body += text.substr(at, size);
      at += size + 2;
      if (size == 0) break;
    }
  } else if (const auto length = seen.headers.find("content-length"); length != seen.headers.end()) {
    const auto size = std::strtoul(length->second.c_str(), nullptr, 10);
    if (size > 0 && !receive(connection, text, head + size)) return;
    seen.body = text.substr(head);
  }
  seen_.with([&](std::vector<Seen>& all) { all.push_back(seen); });
  const Told told = answer_(seen);
  std::string out = fmt::format("HTTP/1.1 {} Told\r\nContent-Length: {}\r\nConnection: close\r\n",
                                told.status, told.body.size());
  for (const auto& [name, value] : told.headers) out += fmt::format("{}: {}\r\n", name, value);
  send_all(connection, out + "\r\n" + told.body);
}

SilentServer::SilentServer() : listener_(listen_on_loopback(port_)) {}

SilentServer::~SilentServer() { ::close(listener_); }

std::string SilentServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

SmallServer::Answer git_over_http(std::string root, std::string password) {
  return [root = std::move(root),
          password = std::move(password)](const SmallServer::Seen& seen) -> SmallServer::Told {
    if (!password.empty()) {
      const std::string expected = "Basic " + to_base64("x-access-token:" + password);
      const auto given = seen.headers.find("authorization");
      if (given == seen.headers.end() || given->second != expected)
        return {401, {{"WWW-Authenticate", "Basic realm=\"git\""}}, ""};
    }
    const auto git = seen.target.find(".git/");
    if (git == std::string::npos) return {404, {}, "not here"};
    const std::string repository = root + seen.target.substr(0, git + 4);
    const std::string pack =
        fmt::format("git -c uploadpack.allowAnySHA1InWant=true upload-pack --stateless-rpc");
    if (seen.method == "GET" && seen.target.ends_with("/info/refs?service=git-upload-pack")) {
      return {200,
              {{"Content-Type", "application/x-git-upload-pack-advertisement"}},
              "001e# service=git-upload-pack\n0000" +
                  output_of(fmt::format("{} --advertise-refs '{}'", pack, repository))};
    }
    if (seen.method == "POST" && seen.target.ends_with("/git-upload-pack")) {
      const TempFolder folder;
      std::ofstream(folder / "request", std::ios::binary) << seen.body;
      return {200,
              {{"Content-Type", "application/x-git-upload-pack-result"}},
              output_of(fmt::format("{} '{}' < '{}'", pack, repository, folder / "request"))};
    }
    return {404, {}, "not here"};
  };
}

}  // namespace slipway::vcs
