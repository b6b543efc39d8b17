#pragma once

#include "bot/work/tools.h"
#include "runner/terraform.h"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace slipway::work {

inline constexpr std::size_t kMaxLogBytes = 16u << 20;      // of a run; what comes later is counted, not kept
inline constexpr std::size_t kLogChunk = 64u << 10;         // bytes gathered before they are written
inline constexpr std::chrono::milliseconds kLogPause{700};  // and how long text may wait for more
inline constexpr std::string_view kLogPurpose = "log";

/// A run's row and its log in the Store: compressed, sealed, a part at a time. The run's own thread.
class StoredLog final : public runner::RunLog {
 public:
  /// Starts the run's row; a run that is taken up again goes on behind the parts it has. An empty part marks
  /// where an output began that is told anew whenever the run is taken up.
  StoredLog(const Tools& tools, store::RunRow row);
  ~StoredLog() override;
  StoredLog(const StoredLog&) = delete;
  StoredLog& operator=(const StoredLog&) = delete;

  void text(std::string_view bytes) override;
  void progress(std::size_t done, std::size_t total) override;
  void told_anew() override;
  /// Called with each progress that is worth telling.
  std::function<void(std::size_t done, std::size_t total)> on_progress;
  void flush();
  /// The row's end, for the outcome's rows.
  std::function<void(store::Transaction&)> end(std::string outcome, std::string summary);

 private:
  void take_up(const std::vector<Sealed>& parts);
  void write_part();

  const Tools& tools_;
  store::RunRow row_;
  std::string held_;
  std::size_t written_ = 0;
  std::optional<std::size_t> after_mark_;  // bytes that earlier lives wrote behind the last mark
  std::size_t known_ = 0;                  // bytes to come that are in the log
  bool said_ = false;                      // in this life
  std::size_t dropped_ = 0;
  std::int64_t next_part_ = 0;
  Time flushed_{};
};

/// What was this run's alone goes with it: its credentials, and a lock in our own backend that it did not
/// give back. Only of a run that has ended.
void take_back(store::Transaction& rows, const RunId& run, const StateKey& key);

/// One part of a log, as it was printed.
std::string open_log(const Keyring& keyring, const Sealed& part);

}  // namespace slipway::work
