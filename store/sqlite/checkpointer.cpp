#include "store/sqlite/checkpointer.h"

#include "core/failure.h"
#include "core/log.h"

#include <chrono>
#include <limits>

namespace slipway::store {
namespace {

/// As much as this (4 MiB) is copied at once; less waits some seconds for more.
constexpr int kManyPages = 1024;
constexpr std::chrono::seconds kPatience{5};
/// Before the next attempt, when a reader or the disk stood in the way.
constexpr std::chrono::seconds kPause{1};
/// A log that is never all copied never begins anew. From this length (32 MiB) on the writer waits for the
/// rest of it.
constexpr int kTooManyPages = 8192;
/// Only a stop or a commit ends the wait; this is so far away that it makes no difference.
constexpr std::chrono::hours kAnyTime{24};

}  // namespace

void LogLength::now(int pages) {
  const bool worth_waking = log_.with([&](Log& log) {
    const int before = log.waiting();
    if (pages < log.pages) log.copied = 0;  // it began anew
    log.pages = pages;
    return before <= 0 || (before < kManyPages && log.waiting() >= kManyPages);
  });
  if (worth_waking) log_.change([](Log&) {});
}

void LogLength::copied(int pages) {
  log_.with([&](Log& log) {
    log.copied = pages <= log.pages ? pages : 0;  // or it began anew meanwhile
  });
}

int LogLength::pages() const {
  return log_.with([](const Log& log) { return log.pages; });
}

int LogLength::waiting() const {
  return log_.with([](const Log& log) { return log.waiting(); });
}

void LogLength::wait(int waiting_pages, std::chrono::milliseconds at_most, const std::stop_token& stop) {
  log_.wait_until(std::chrono::steady_clock::now() + at_most, stop,
                  [&](const Log& log) { return log.waiting() >= waiting_pages; });
}

Checkpointer::Checkpointer(const std::string& database, LogLength& log, Writer& writer)
    : connection_(database, {.may_write = true, .cache_kib = 64}),
      log_(log),
      writer_(writer),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Checkpointer::run(const std::stop_token& stop) {
  for (;;) {
    log_.wait(1, kAnyTime, stop);
    log_.wait(kManyPages, kPatience, stop);
    if (stop.stop_requested()) return;  // closing the last connection copies the rest
    try {
      copy();
    } catch (const Failure& failure) {
      log::warning("the write-ahead log can't be copied into the database", {{"why", failure.what()}});
    }
    if (log_.waiting() >= kManyPages) log_.wait(std::numeric_limits<int>::max(), kPause, stop);
  }
}

void Checkpointer::copy() {
  log_.copied(connection_.checkpoint());
  if (log_.pages() < kTooManyPages) return;
  writer_.alone([&](Connection&) { log_.copied(connection_.checkpoint()); });
}

}  // namespace slipway::store
