#pragma once

#include <chrono>
#include <cstddef>

namespace slipway::net {

inline constexpr std::size_t kMaxBody = 25u << 20;  // GitHub's own cap of a webhook is 25 MB
inline constexpr std::size_t kMaxHeader = 32u << 10;
inline constexpr std::size_t kMaxConnections = 1'024;
inline constexpr std::chrono::seconds kHeaderDeadline{10};
inline constexpr std::chrono::seconds kBodyDeadline{60};
inline constexpr std::chrono::seconds kIdleDeadline{75};
inline constexpr std::chrono::seconds kWriteDeadline{30};  // for each kWriteSlice
inline constexpr std::chrono::milliseconds kStreamPoll{300};
inline constexpr std::size_t kHandlerThreads = 4;

/// Connections beyond kMaxConnections that are told so (503); more are closed without a word.
inline constexpr std::size_t kMaxTurnedAway = 64;
/// Of all bodies together that wait for their answers: a thousand clients of 25 MiB each get 503.
inline constexpr std::size_t kMaxHeldBodies = 256u << 20;
/// How long what the client still sends is read and dropped, so that it can read the last answer.
inline constexpr std::chrono::seconds kPartDeadline{5};
inline constexpr std::size_t kReadSize = 16u << 10;
inline constexpr std::size_t kWriteSlice = 256u << 10;
/// Deadlines are looked at this often: an eighth of the shortest, within these bounds.
inline constexpr std::chrono::milliseconds kMinSweep{5};
inline constexpr std::chrono::milliseconds kMaxSweep{500};
/// After an accept that failed (no descriptors left).
inline constexpr std::chrono::milliseconds kAcceptPause{100};
/// Said with a 503 whose Failure names no time of its own.
inline constexpr std::chrono::seconds kRetryAfter{5};

/// The limits of one server, so that tests need not wait.
struct Limits {
  std::size_t max_body = kMaxBody;
  std::size_t max_header = kMaxHeader;
  std::size_t max_connections = kMaxConnections;
  std::size_t max_held_bodies = kMaxHeldBodies;
  std::chrono::milliseconds header_deadline = kHeaderDeadline;
  std::chrono::milliseconds body_deadline = kBodyDeadline;
  std::chrono::milliseconds idle_deadline = kIdleDeadline;
  std::chrono::milliseconds write_deadline = kWriteDeadline;
  std::chrono::milliseconds part_deadline = kPartDeadline;
  std::chrono::milliseconds stream_poll = kStreamPoll;
};

}  // namespace slipway::net
