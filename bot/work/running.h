#pragma once

#include "core/guarded.h"
#include "core/ids.h"

#include <atomic>
#include <functional>
#include <map>
#include <stop_token>

namespace slipway::work {

/// Runs that this process performs now, so that a superseded one can be stopped. Any thread.
class Running {
 public:
  /// From construction to destruction the run can be stopped through its token.
  class Entry {
   public:
    Entry(Running& running, RunId run, std::stop_token outer);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    std::stop_token token() const { return source_.get_token(); }
    /// It was this run that was stopped, not the whole process.
    bool superseded() const { return superseded_; }

   private:
    friend class Running;
    Running& running_;
    RunId run_;
    std::stop_source source_;
    std::atomic<bool> superseded_{false};
    std::stop_callback<std::function<void()>> outer_;
  };

  void stop(const RunId& run);

 private:
  Guarded<std::map<RunId, Entry*>> entries_;
};

}  // namespace slipway::work
