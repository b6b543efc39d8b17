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
inline constexpr std::chrono::seconds kWriteDeadline{30};
inline constexpr std::chrono::milliseconds kStreamPoll{300};
inline constexpr std::size_t kHandlerThreads = 4;

}  // namespace slipway::net
