#include "bot/config/calendar.h"

#include <date/tz.h>
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace slipway::config {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr LocalDay kDay{1};
constexpr minutes kWholeDay{24 * 60};
/// An opening is looked for this far ahead, some days at a time.
constexpr LocalDay kHorizon{366};
constexpr LocalDay kStep{7};

constexpr std::array<std::string_view, 7> kDayNames = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::size_t read_day(const Settings& value, std::string_view word) {
  const auto found = std::find(kDayNames.begin(), kDayNames.end(), word);
  if (found == kDayNames.end())
    value.refuse(fmt::format("\"{}\" is no day; write mon, tue, wed, thu, fri, sat, sun, or mon-fri", word));
  return static_cast<std::size_t>(found - kDayNames.begin());
}

/// "mon", "mon-fri", "sat-mon"
void add_days(const Settings& value, std::string_view text, std::array<bool, 7>& days) {
  const auto dash = text.find('-');
  const std::size_t first = read_day(value, text.substr(0, dash));
  const std::size_t last = dash == std::string_view::npos ? first : read_day(value, text.substr(dash + 1));
  for (std::size_t day = first;; day = (day + 1) % days.size()) {
    days[day] = true;
    if (day == last) return;
  }
}

/// The number that all of these digits are; -1: they are none.
int number(std::string_view digits) {
  int out = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return -1;
    out = out * 10 + (digit - '0');
  }
  return digits.empty() ? -1 : out;
}

minutes read_time(const Settings& value) {
  const std::string& text = value.scalar();
  const bool shaped = text.size() == 5 && text[2] == ':';
  const int hour = shaped ? number(text.substr(0, 2)) : -1;
  const int minute = shaped ? number(text.substr(3)) : -1;
  const minutes time{hour * 60 + minute};
  if (hour < 0 || minute < 0 || minute > 59 || time > kWholeDay)
    value.refuse(fmt::format("\"{}\" is no time of the day; write 00:00 to 24:00", text));
  return time;
}

LocalDay read_date(const Settings& value, std::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const date::year_month_day day =
      date::year(shaped ? number(text.substr(0, 4)) : -1) /
      date::month(shaped ? static_cast<unsigned>(number(text.substr(5, 2))) : 0u) /
      date::day(shaped ? static_cast<unsigned>(number(text.substr(8))) : 0u);
  if (!shaped || !day.ok())
    value.refuse(fmt::format("\"{}\" is no date; write 2026-12-24, or 2026-12-24..2027-01-06", text));
  return date::local_days(day).time_since_epoch();
}

std::pair<LocalDay, LocalDay> read_dates(const Settings& value, const std::string& text) {
  const auto dots = text.find("..");
  const LocalDay first = read_date(value, std::string_view(text).substr(0, dots));
  const LocalDay last =
      dots == std::string::npos ? first : read_date(value, std::string_view(text).substr(dots + 2));
  if (last < first) value.refuse(fmt::format("\"{}\" ends before it begins", text));
  return {first, last};
}

Span read_span(const Settings& entry) {
  entry.only({"days", "dates", "from", "to"});
  Span span;
  for (const std::string& text : entry.strings_or_none("days")) add_days(entry, text, span.days);
  if (entry.find("days") == nullptr) span.days.fill(true);
  for (const std::string& text : entry.strings_or_none("dates"))
    span.dates.push_back(read_dates(entry, text));
  if (const Settings* value = entry.find("from")) span.from = read_time(*value);
  if (const Settings* value = entry.find("to")) span.to = read_time(*value);
  if (span.from == kWholeDay) entry.at("from").refuse("`from` is before 24:00");
  if (span.from == span.to) entry.refuse("`from` and `to` are the same; leave both out for whole days");
  return span;
}

std::vector<Span> read_spans(const Settings& entry, std::string_view key) {
  std::vector<Span> out;
  const Settings* value = entry.find(key);
  if (value == nullptr) return out;
  if (value->is_map()) return {read_span(*value)};
  for (const Settings& span : value->list()) out.push_back(read_span(span));
  return out;
}

const date::time_zone* read_zone(const Settings& value) {
  try {
    return date::locate_zone(value.scalar());
  } catch (const std::runtime_error&) {
    value.refuse(fmt::format(
        "\"{}\" is no time zone of this system's tzdata; write one like Europe/Berlin, Asia/Seoul or UTC",
        value.scalar()));
  }
}

date::sys_time<std::chrono::milliseconds> sys(Time time) { return time; }

}  // namespace

bool Span::begins_on(LocalDay day) const {
  const auto weekday = date::weekday(date::local_days(day));
  if (!days[weekday.c_encoding()]) return false;
  return dates.empty() || std::any_of(dates.begin(), dates.end(), [&](const auto& range) {
           return range.first <= day && day <= range.second;
         });
}

bool Span::holds(LocalDay day, seconds time_of_day) const {
  if (from < to) return begins_on(day) && from <= time_of_day && time_of_day < to;
  return (begins_on(day) && from <= time_of_day) || (begins_on(day - kDay) && time_of_day < to);
}

Calendar::Calendar(const Settings& entry)
    : zone_(read_zone(entry.at("time_zone"))),
      allow_(read_spans(entry, "allow")),
      deny_(read_spans(entry, "deny")),
      projects_(entry.strings_or_none("projects")) {
  entry.only({"time_zone", "allow", "deny", "projects"});
  if (allow_.empty() && deny_.empty())
    entry.refuse("a calendar says when: `allow: [{days: mon-fri, from: 09:00, to: 17:00}]`, `deny`, or both");
}

bool Calendar::concerns(const ProjectId& project) const {
  return projects_.empty() ||
         std::any_of(projects_.begin(), projects_.end(), [&](const std::string& pattern) {
           return fnmatch(pattern.c_str(), project.dir.c_str(), 0) == 0 || pattern == project.name;
         });
}

bool Calendar::is_open(Time time) const {
  const auto local = zone_->to_local(date::floor<seconds>(sys(time)));
  const auto midnight = date::floor<date::days>(local);
  const LocalDay day = midnight.time_since_epoch();
  const auto holds = [&](const Span& span) { return span.holds(day, local - midnight); };
  if (std::any_of(deny_.begin(), deny_.end(), holds)) return false;
  return allow_.empty() || std::any_of(allow_.begin(), allow_.end(), holds);
}

std::vector<Time> Calendar::edges(Time from, Time to) const {
  std::vector<Time> out;
  const auto add = [&](date::sys_seconds time) {
    if (from <= time && time <= to) out.push_back(time);
  };
  // When the clocks are changed, they show a time of which some windows are, and others not.
  for (auto info = zone_->get_info(date::floor<seconds>(sys(from))); info.end <= to;
       info = zone_->get_info(info.end))
    add(info.end);
  const auto first = date::floor<date::days>(zone_->to_local(date::floor<seconds>(sys(from))));
  const auto last = date::floor<date::days>(zone_->to_local(date::floor<seconds>(sys(to))));
  for (auto day = first - date::days(1); day <= last; day += date::days(1)) {
    for (const std::vector<Span>* spans : {&allow_, &deny_}) {
      for (const Span& span : *spans) {
        for (const minutes time : {span.from, span.to}) {
          // A time that comes twice is an edge both times; one that is left out is where the clocks change.
          add(zone_->to_sys(day + seconds(time), date::choose::earliest));
          add(zone_->to_sys(day + seconds(time), date::choose::latest));
        }
      }
    }
  }
  return out;
}

std::string Calendar::on_the_wall(Time time) const {
  const auto local = zone_->to_local(date::floor<seconds>(sys(time)));
  return fmt::format("{} ({})", date::format("%a %b %d, %H:%M", local), zone_->name());
}

std::vector<Calendar> read_windows(const Settings& value) {
  if (value.is_map()) return {Calendar(value)};
  std::vector<Calendar> out;
  for (const Settings& entry : value.list()) out.emplace_back(entry);
  return out;
}

std::optional<WindowClosed> closed_at(const std::vector<Calendar>& calendars, const ProjectId& project,
                                      Time now) {
  std::vector<const Calendar*> asked;
  for (const Calendar& calendar : calendars)
    if (calendar.concerns(project)) asked.push_back(&calendar);
  const auto open = [&](Time time) {
    return std::all_of(asked.begin(), asked.end(),
                       [&](const Calendar* calendar) { return calendar->is_open(time); });
  };
  if (open(now)) return {};
  for (Time from = now; from < now + kHorizon; from += kStep) {
    std::vector<Time> edges;
    for (const Calendar* calendar : asked) {
      const auto more = calendar->edges(from, from + kStep);
      edges.insert(edges.end(), more.begin(), more.end());
    }
    std::sort(edges.begin(), edges.end());
    const auto opens = std::find_if(edges.begin(), edges.end(), open);
    if (opens != edges.end()) return WindowClosed{*opens, asked.front()->on_the_wall(*opens)};
  }
  return WindowClosed{};
}

}  // namespace slipway::config
