#pragma once

#include "core/guarded.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/writer.h"

#include <stop_token>
#include <string>
#include <thread>

namespace slipway::store {

/// How long the write-ahead log is. The writer's connection tells it, the checkpointer waits for it.
class LogLength {
 public:
  /// After each commit.
  void now(int pages);
  /// That many pages of it are in the database.
  void copied(int pages);
  int pages() const;

  /// Pages that are not in the database yet.
  int waiting() const;
  /// Until at least so many wait, the deadline, or a stop.
  void wait(int waiting_pages, std::chrono::milliseconds at_most, const std::stop_token& stop);

 private:
  struct Log {
    int pages = 0;
    int copied = 0;
    int waiting() const { return pages - copied; }
  };
  Guarded<Log> log_;
};

/// Moves the write-ahead log into the database, on a thread and a connection of its own: a commit that had to
/// do it would be the slowest of thousands.
class Checkpointer {
 public:
  Checkpointer(const std::string& database, LogLength& log, Writer& writer);

 private:
  void run(const std::stop_token& stop);
  void copy();

  SqliteConnection connection_;
  LogLength& log_;
  Writer& writer_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace slipway::store
