#include "store/sqlite/group_commit.h"

#include "core/log.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <span>
#include <utility>

namespace slipway::store {
namespace {

/// Bounds how long a worker stands in line behind the webhooks, and what a group holds in memory besides.
constexpr std::size_t kMaxGroup = 256;
/// Only a stop or a delivery ends the wait; this is so far away that it makes no difference.
constexpr std::chrono::hours kAnyTime{24};

std::vector<Recorded> record(Writer& writer, Compressor& compressor, std::span<Delivery> deliveries) {
  try {
    std::vector<PackedDelivery> packed;
    packed.reserve(deliveries.size());
    for (Delivery& delivery : deliveries) {
      std::string body = compressor.compress(std::exchange(delivery.body, {}));
      packed.push_back({std::move(delivery), std::move(body)});
    }
    return writer.record(packed);
  } catch (const std::exception& error) {  // whatever it is, the senders must hear that it was not written
    log::error("deliveries can't be written",
               {{"count", std::to_string(deliveries.size())}, {"why", error.what()}});
    return std::vector<Recorded>(deliveries.size(), Recorded::Failed);
  }
}

}  // namespace

GroupCommit::GroupCommit(Writer& writer)
    : writer_(writer), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void GroupCommit::add(Delivery delivery, std::function<void(Recorded)> on_durable) {
  waiting_.change([&](std::vector<Waiting>& waiting) {
    waiting.push_back({std::move(delivery), std::move(on_durable)});
  });
}

void GroupCommit::run(const std::stop_token& stop) {
  const auto something_waits = [](const std::vector<Waiting>& waiting) { return !waiting.empty(); };
  for (;;) {
    const bool ready =
        waiting_.wait_until(std::chrono::steady_clock::now() + kAnyTime, stop, something_waits);
    if (ready) {
      write(waiting_.with([](std::vector<Waiting>& waiting) { return std::exchange(waiting, {}); }));
    } else if (stop.stop_requested()) {
      return;
    }
  }
}

void GroupCommit::write(std::vector<Waiting> all) {
  for (std::size_t begin = 0; begin < all.size(); begin += kMaxGroup) {
    const std::size_t end = std::min(begin + kMaxGroup, all.size());
    std::vector<Delivery> group;
    for (std::size_t i = begin; i < end; ++i) group.push_back(std::move(all[i].delivery));
    const std::vector<Recorded> recorded = record(writer_, compressor_, group);
    for (std::size_t i = begin; i < end; ++i) all[i].on_durable(recorded[i - begin]);
  }
}

void record_at_once(Writer& writer, Delivery delivery, const std::function<void(Recorded)>& on_durable) {
  Compressor compressor;
  on_durable(record(writer, compressor, std::span(&delivery, 1)).front());
}

}  // namespace slipway::store
