#include "bot/work/running.h"

namespace slipway::work {

Running::Entry::Entry(Running& running, RunId run, std::stop_token outer)
    : running_(running), run_(std::move(run)), outer_(std::move(outer), [this] { source_.request_stop(); }) {
  running_.entries_.with([&](auto& entries) { entries[run_] = this; });
}

Running::Entry::~Entry() {
  running_.entries_.with([&](auto& entries) { entries.erase(run_); });
}

void Running::stop(const RunId& run) {
  entries_.with([&](auto& entries) {
    const auto found = entries.find(run);
    if (found == entries.end()) return;
    found->second->superseded_ = true;
    found->second->source_.request_stop();
  });
}

}  // namespace slipway::work
