#include "bot/net/resolve.h"

#include "core/failure.h"
#include "core/guarded.h"

#include <netdb.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

namespace slipway::net {
namespace {

constexpr const char* kNotInTime = "its name was not resolved in time";

struct Found {
  bool is_done = false;
  std::string objection;  // empty: found
  std::vector<Address> addresses;
};

Found look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_flags = flags | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  Found found{.is_done = true, .objection = {}, .addresses = {}};
  if (code != 0) {
    found.objection = code == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(code);
    return found;
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, &::freeaddrinfo);
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    Address& address = found.addresses.emplace_back();
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.length = each->ai_addrlen;
  }
  return found;
}

}  // namespace

std::vector<Address> resolve(const std::string& host, std::uint16_t port,
                             std::chrono::steady_clock::time_point deadline, const std::stop_token& stop) {
  if (Found found = look_up(host, port, AI_NUMERICHOST); found.objection.empty())
    return std::move(found.addresses);
  if (stop.stop_requested()) throw Stopped();
  if (std::chrono::steady_clock::now() >= deadline) throw Failure(kNotInTime, Retry::Later);
  // Shared: the thread may outlive this call. Its end is the system's affair (resolv.conf's timeouts).
  const auto shared = std::make_shared<Guarded<Found>>();
  try {
    std::thread([shared, host, port] {
      Found found = look_up(host, port, 0);
      shared->change([&](Found& place) { place = std::move(found); });
    }).detach();
  } catch (const std::system_error& reason) {
    throw Failure(reason.what(), Retry::Later);
  }
  const bool is_done = shared->wait_until(deadline, stop, [](const Found& found) { return found.is_done; });
  if (!is_done && stop.stop_requested()) throw Stopped();
  if (!is_done) throw Failure(kNotInTime, Retry::Later);
  return shared->with([](Found& found) {
    if (!found.objection.empty())
      throw Failure("its name was not resolved: " + found.objection, Retry::Later);
    return std::move(found.addresses);
  });
}

}  // namespace slipway::net
