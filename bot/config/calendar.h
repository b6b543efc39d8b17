#pragma once

#include "core/clock.h"
#include "core/freeze.h"
#include "core/ids.h"
#include "core/settings.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace date {
class time_zone;  // NOLINT(readability-identifier-naming): the library's
}

namespace slipway::config {

/// A day somewhere, counted from 1970-01-01.
using LocalDay = std::chrono::days;

/// A part of the day, on some days, as a clock on the wall shows it.
struct Span {
  std::array<bool, 7> days{};                          // from Sunday: those that it begins on
  std::vector<std::pair<LocalDay, LocalDay>> dates{};  // first and last; none: every such day
  std::chrono::minutes from{0};
  std::chrono::minutes to{24 * 60};  // not after `from`: it ends on the next day

  bool holds(LocalDay day, std::chrono::seconds time_of_day) const;

 private:
  bool begins_on(LocalDay day) const;
};

/// When applies of some projects may begin (`windows:`), by the clocks of one time zone. A moment is within a
/// window when the clock there shows it: an hour that is left out in spring is in no window, one that comes
/// twice in autumn is in its windows both times.
class Calendar {
 public:
  /// Throws SettingsError; zones are those of the system's tzdata.
  explicit Calendar(const Settings& entry);

  bool concerns(const ProjectId& project) const;
  bool is_open(Time time) const;
  /// Moments from `from` to `to`, both included, at which it may open or close; in no order, and with others
  /// among them.
  std::vector<Time> edges(Time from, Time to) const;
  /// "Mon Nov 23, 09:00 (Europe/Berlin)"
  std::string on_the_wall(Time time) const;

 private:
  const date::time_zone* zone_;
  std::vector<Span> allow_;  // none: always
  std::vector<Span> deny_;
  std::vector<std::string> projects_;  // patterns of directories and names; none: all
};

/// `windows:` of a `repos:` entry: one calendar, or a list.
std::vector<Calendar> read_windows(const Settings& value);

/// Why an apply of this project may not begin: every calendar that concerns it has to be open. Nothing: it
/// may.
std::optional<WindowClosed> closed_at(const std::vector<Calendar>& calendars, const ProjectId& project,
                                      Time now);

}  // namespace slipway::config
