#include "hooks/reachable.h"

#include "core/failure.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace slipway::hooks {
namespace {

/// A loopback port that is bound, and listens when it is told to.
class Port {
 public:
  Port() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&place), size) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&place), &size) == 0);
    number_ = ntohs(place.sin_port);
  }
  ~Port() { close(socket_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  void listen() { REQUIRE(::listen(socket_, 4) == 0); }
  Endpoint endpoint() const { return {"127.0.0.1", number_}; }

 private:
  int socket_;
  std::uint16_t number_ = 0;
};

TEST_CASE("a port that listens is reachable at once") {
  Port port;
  port.listen();
  std::string why;
  CHECK(wait_until_reachable(port.endpoint(), std::chrono::seconds(0), why, {}));
  CHECK(why.empty());
  CHECK(wait_until_reachable({"localhost", port.endpoint().port}, std::chrono::seconds(0), why, {}));
}

TEST_CASE("a port that doesn't listen is not reachable, and the reason is told") {
  Port port;
  std::string why;
  CHECK_FALSE(wait_until_reachable(port.endpoint(), std::chrono::seconds(1), why, {}));
  CHECK(why == "Connection refused");
}

TEST_CASE("a host that nobody knows is not reachable") {
  std::string why;
  CHECK_FALSE(wait_until_reachable({"nobody.invalid", 22}, std::chrono::seconds(0), why, {}));
  CHECK_FALSE(why.empty());
}

TEST_CASE("a port that begins to listen becomes reachable", "[slow]") {
  Port port;
  std::string why;
  bool reachable = false;
  std::jthread waiting(
      [&] { reachable = wait_until_reachable(port.endpoint(), std::chrono::seconds(60), why, {}); });
  port.listen();
  waiting.join();
  CHECK(reachable);
}

TEST_CASE("a stop ends the waiting") {
  Port port;
  std::string why;
  std::stop_source stop;
  bool stopped = false;
  std::jthread waiting([&] {
    try {
      wait_until_reachable(port.endpoint(), std::chrono::hours(1), why, stop.get_token());
    } catch (const Stopped&) {
      stopped = true;
    }
  });
  stop.request_stop();
  waiting.join();
  CHECK(stopped);
}

}  // namespace
}  // namespace slipway::hooks
