#include "store/sqlite/turns.h"

#include <algorithm>
#include <stdexcept>
#include <stop_token>
#include <utility>

namespace slipway::store {
namespace {

/// As long as it takes, in a form that a deadline can be computed from.
constexpr std::chrono::milliseconds kAnyTime = std::chrono::hours(24 * 365);

}  // namespace

Turns::Turn Turns::wait() {
  for (;;) {
    if (auto turn = wait(kAnyTime)) return std::move(*turn);
  }
}

std::optional<Turns::Turn> Turns::wait(std::chrono::milliseconds at_most) {
  const auto self = std::this_thread::get_id();
  const std::uint64_t mine = line_.with([&](Line& line) {
    if (!line.tickets.empty() && line.holder == self)
      throw std::logic_error("a transaction inside of a transaction");
    line.tickets.push_back(line.next);
    return line.next++;
  });
  const auto is_mine = [&](Line& line) {
    if (line.tickets.front() != mine) return false;
    line.holder = self;
    return true;
  };
  if (line_.with(is_mine)) return Turn(*this);
  if (line_.wait_until(std::chrono::steady_clock::now() + at_most, std::stop_token(), is_mine))
    return Turn(*this);
  const bool won_late = line_.with([&](Line& line) {
    if (is_mine(line)) return true;
    line.tickets.erase(std::find(line.tickets.begin(), line.tickets.end(), mine));
    return false;
  });
  if (won_late) return Turn(*this);
  return std::nullopt;
}

std::size_t Turns::waiting() const {
  return line_.with([](const Line& line) { return line.tickets.empty() ? 0 : line.tickets.size() - 1; });
}

void Turns::pass_on() {
  line_.change([](Line& line) {
    line.tickets.pop_front();
    line.holder = {};
  });
}

}  // namespace slipway::store
