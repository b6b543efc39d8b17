#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace slipway::net {

/// Nothing in these tests takes this long; what does is stuck.
inline constexpr std::chrono::seconds kStuck{20};

/// An answer as the bytes on the wire say it, taken apart by nothing that is under test.
struct WireAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // without the chunks' framing
  std::string head;                            // as it came
};

/// A client, or a server's side of one, that says exactly what it is told: sockets without manners.
class Wire {
 public:
  static Wire to(std::uint16_t port);
  explicit Wire(int fd);
  Wire(Wire&& other) noexcept;
  Wire& operator=(Wire&&) = delete;
  ~Wire();

  void send(std::string_view text);
  /// What the kernel takes before the other side stops reading or closes.
  std::size_t send_what_fits(std::string_view text);
  /// The next answer. `to_head`: one without a body.
  WireAnswer answer(bool to_head = false);
  /// Up to `mark` and with it; shorter when the other side closes.
  std::string until(std::string_view mark);
  std::string rest();
  /// The other side closed, and has said nothing more.
  bool is_over();
  /// Nothing more will be sent.
  void finish();
  /// Closes with RST.
  void reset();
  int fd() const { return fd_; }

 private:
  bool fill();
  std::string take(std::size_t count);
  int fd_;
  std::string read_;
};

/// A listening socket on a port of its own.
class Door {
 public:
  Door();
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;
  std::uint16_t port() const { return port_; }
  Wire accept() const;

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

}  // namespace slipway::net
