#include "bot/work/run_log.h"

#include "bot/change/decide.h"
#include "core/failure.h"
#include "core/log.h"

#include <fmt/format.h>

namespace slipway::work {

StoredLog::StoredLog(const Tools& tools, store::RunRow row) : tools_(tools), row_(std::move(row)) {
  row_.started = tools_.clock.now();
  flushed_ = row_.started;
  std::vector<Sealed> parts;
  tools_.store.transact([&](store::Transaction& rows) {
    if (rows.runs.find(row_.id)) {
      parts = rows.runs.log(row_.id, 0);
    } else {
      rows.runs.start(row_);
    }
  });
  take_up(parts);
}

void StoredLog::take_up(const std::vector<Sealed>& parts) {
  next_part_ = static_cast<std::int64_t>(parts.size());
  for (const Sealed& part : parts) {
    const std::size_t size = open_log(tools_.keyring, part).size();
    written_ += size;
    if (size == 0) {
      after_mark_ = 0;
    } else if (after_mark_) {
      *after_mark_ += size;
    }
  }
}

void StoredLog::told_anew() {
  // What this life said before was the start of a new try: its output has been in no log.
  if (after_mark_ && !said_) {
    known_ = *after_mark_;
    return;
  }
  flush();
  write_part();
}

StoredLog::~StoredLog() {
  try {
    flush();
  } catch (const std::exception& error) {
    log::warning("the last part of a log was not kept", {{"run", row_.id}, {"error", error.what()}});
  }
}

void StoredLog::text(std::string_view bytes) {
  const std::size_t known = std::min(known_, bytes.size());
  known_ -= known;
  bytes.remove_prefix(known);
  if (bytes.empty()) return;
  said_ = true;
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
  if (!held_.empty()) write_part();
}

void StoredLog::write_part() {
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
  return [id, key = change::state_key(row_.change), now, outcome = std::move(outcome),
          summary = std::move(summary)](store::Transaction& rows) {
    rows.runs.end(id, now, outcome, summary);
    take_back(rows, id, key);
  };
}

void take_back(store::Transaction& rows, const RunId& run, const StateKey& key) {
  rows.states.revoke(run);
  if (const auto lock = rows.states.lock(key); lock && lock->run == run) rows.states.drop_lock(key);
}

std::string open_log(const Keyring& keyring, const Sealed& part) {
  return store::decompress(keyring.open(kLogPurpose, part), kMaxLogBytes);
}

}  // namespace slipway::work
