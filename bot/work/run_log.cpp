#include "bot/work/run_log.h"

#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

namespace slipway::work {

StoredLog::StoredLog(const Tools& tools, store::RunRow row) : tools_(tools), row_(std::move(row)) {
  row_.started = tools_.clock.now();
  flushed_ = row_.started;
  tools_.store.transact([&](store::Transaction& rows) {
    if (rows.runs.find(row_.id)) {
      next_part_ = static_cast<std::int64_t>(rows.runs.log(row_.id, 0).size());
    } else {
      rows.runs.start(row_);
    }
  });
}

StoredLog::~StoredLog() {
  try {
    flush();
  } catch (const std::exception& error) {
    log::warning("the last part of a log was not kept", {{"run", row_.id}, {"error", error.what()}});
  }
}

void StoredLog::text(std::string_view bytes) {
  const std::size_t room = kMaxLogBytes - std::min(kMaxLogBytes, written_ + held_.size());
  held_ += bytes.substr(0, room);
  if (bytes.size() > room) dropped_ += bytes.size() - room;
  if (held_.size() >= kLogChunk || tools_.clock.now() - flushed_ >= kLogPause) flush();
}

void StoredLog::progress(std::size_t done, std::size_t total) {
  if (on_progress) on_progress(done, total);
}

void StoredLog::flush() {
  flushed_ = tools_.clock.now();
  if (held_.empty()) return;
  const Sealed part = tools_.keyring.seal(kLogPurpose, store::compress(held_));
  tools_.store.transact([&](store::Transaction& rows) { rows.runs.add_log(row_.id, next_part_, part); });
  ++next_part_;
  written_ += held_.size();
  held_.clear();
}

std::function<void(store::Transaction&)> StoredLog::end(std::string outcome, std::string summary) {
  if (dropped_ > 0) held_ += fmt::format("\n… {} more bytes were not kept\n", dropped_);
  flush();
  const RunId id = row_.id;
  const Time now = tools_.clock.now();
  return [id, now, outcome = std::move(outcome), summary = std::move(summary)](store::Transaction& rows) {
    rows.runs.end(id, now, outcome, summary);
    rows.states.revoke(id);
  };
}

std::string open_log(const Keyring& keyring, const Sealed& part) {
  return store::decompress(keyring.open(kLogPurpose, part), kMaxLogBytes);
}

}  // namespace slipway::work
