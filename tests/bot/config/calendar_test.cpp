#include "bot/config/calendar.h"

#include "bot/config/yaml.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::config;

namespace {

const ProjectId kProject{"prod/web", "default", {}};

/// A moment of UTC: "2026-03-29 01:30".
Time utc(const std::string& text) {
  std::tm at{};
  REQUIRE(strptime(text.c_str(), "%Y-%m-%d %H:%M", &at) != nullptr);
  return from_millis(static_cast<std::int64_t>(timegm(&at)) * 1000);
}

std::string written(Time time) { return to_rfc3339(time).substr(0, 16); }

std::vector<Calendar> windows(const std::string& yaml) { return read_windows(read_yaml(yaml, "windows")); }

/// "open", or when it opens.
std::string at(const std::vector<Calendar>& calendars, const std::string& time) {
  const auto closed = closed_at(calendars, kProject, utc(time));
  if (!closed) return "open";
  return closed->until ? written(*closed->until) : "never";
}

std::string complaint(const std::string& yaml) {
  try {
    windows(yaml);
  } catch (const SettingsError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("an allowed window opens and closes by the clock of its zone") {
  const auto office = windows("{time_zone: Europe/Berlin, allow: [{days: mon-fri, from: 09:00, to: 17:00}]}");
  CHECK(at(office, "2026-11-23 07:59") == "2026-11-23T08:00");  // a Monday, in winter
  CHECK(at(office, "2026-11-23 08:00") == "open");
  CHECK(at(office, "2026-11-23 15:59") == "open");
  CHECK(at(office, "2026-11-23 16:00") == "2026-11-24T08:00");
  CHECK(at(office, "2026-11-27 16:00") == "2026-11-30T08:00");  // over the weekend
  CHECK(at(office, "2026-06-22 07:00") == "open");              // an hour earlier in summer
  CHECK(closed_at(office, kProject, utc("2026-11-27 16:00"))->opens == "Mon Nov 30, 09:00 (Europe/Berlin)");
}

TEST_CASE("a denied window closes what is open otherwise") {
  const auto fridays = windows("{time_zone: UTC, deny: {days: fri, from: 12:00}}");
  CHECK(at(fridays, "2026-11-27 11:59") == "open");
  CHECK(at(fridays, "2026-11-27 12:00") == "2026-11-28T00:00");
  const auto both = windows(
      "{time_zone: UTC, allow: [{days: [mon, fri], from: 09:00, to: 17:00}], deny: [{days: fri, from: "
      "12:00}]}");
  CHECK(at(both, "2026-11-27 12:00") == "2026-11-30T09:00");
}

TEST_CASE("a window over midnight belongs to the day that it begins on") {
  const auto night = windows("{time_zone: UTC, allow: {days: fri, from: 22:00, to: 04:00}}");
  CHECK(at(night, "2026-11-27 03:00") == "2026-11-27T22:00");
  CHECK(at(night, "2026-11-27 23:00") == "open");
  CHECK(at(night, "2026-11-28 03:59") == "open");
  CHECK(at(night, "2026-11-28 04:00") == "2026-12-04T22:00");
}

TEST_CASE("days go round the week, and dates are whole days") {
  const auto weekend = windows("{time_zone: UTC, deny: [{days: sat-sun}, {dates: 2026-12-24..2027-01-06}]}");
  CHECK(at(weekend, "2026-11-28 00:00") == "2026-11-30T00:00");
  CHECK(at(weekend, "2026-12-23 23:59") == "open");
  CHECK(at(weekend, "2026-12-24 00:00") == "2027-01-07T00:00");
  const auto around = windows("{time_zone: UTC, allow: {days: [fri-mon]}}");
  CHECK(at(around, "2026-11-30 23:59") == "open");
  CHECK(at(around, "2026-12-01 00:00") == "2026-12-04T00:00");
}

TEST_CASE("an hour that is left out in spring is in no window") {
  // Berlin: 2026-03-29, 02:00 is 03:00, which is 01:00 UTC.
  const auto early = windows("{time_zone: Europe/Berlin, allow: [{from: 02:15, to: 02:45}]}");
  CHECK(at(early, "2026-03-29 00:59") == "2026-03-30T00:15");
  CHECK(at(early, "2026-03-29 01:00") == "2026-03-30T00:15");
  const auto through = windows("{time_zone: Europe/Berlin, allow: [{from: 02:15, to: 04:00}]}");
  CHECK(at(through, "2026-03-29 00:59") == "2026-03-29T01:00");  // the clock shows 03:00 at once
  CHECK(at(through, "2026-03-29 01:59") == "open");
  CHECK(at(through, "2026-03-29 02:00") == "2026-03-30T00:15");
}

TEST_CASE("an hour that comes twice in autumn is in its windows both times") {
  // Berlin: 2026-10-25, 03:00 is 02:00 again, which is 01:00 UTC.
  const auto early = windows("{time_zone: Europe/Berlin, allow: [{from: 02:15, to: 02:45}]}");
  CHECK(at(early, "2026-10-25 00:14") == "2026-10-25T00:15");
  CHECK(at(early, "2026-10-25 00:44") == "open");
  CHECK(at(early, "2026-10-25 00:45") == "2026-10-25T01:15");
  CHECK(at(early, "2026-10-25 01:15") == "open");
  CHECK(at(early, "2026-10-25 01:45") == "2026-10-26T01:15");
  // What was closed at 02:30 the first time opens again as the clocks go back.
  const auto until_three = windows("{time_zone: Europe/Berlin, deny: [{from: 03:00, to: 02:30}]}");
  CHECK(at(until_three, "2026-10-25 00:30") == "open");
  CHECK(at(until_three, "2026-10-25 00:59") == "open");
  CHECK(at(until_three, "2026-10-25 01:00") == "2026-10-25T01:30");
}

TEST_CASE("clocks that are put by half an hour, and days that lack midnight") {
  // Lord Howe: 2026-10-04, 02:00 is 02:30, which is 15:30 UTC of the day before.
  const auto half = windows("{time_zone: Australia/Lord_Howe, allow: [{from: 02:10, to: 03:00}]}");
  CHECK(at(half, "2026-10-03 15:29") == "2026-10-03T15:30");
  // Beirut: 2026-03-29, 00:00 is 01:00, which is 22:00 UTC.
  const auto sunday = windows("{time_zone: Asia/Beirut, allow: [{days: sun}]}");
  CHECK(at(sunday, "2026-03-28 21:59") == "2026-03-28T22:00");
}

TEST_CASE("several calendars of one project have to be open together") {
  const auto all = windows(
      "[{time_zone: UTC, allow: {from: 08:00, to: 12:00}},"
      " {time_zone: Asia/Seoul, allow: {from: 18:00, to: 23:00}},"
      " {time_zone: UTC, projects: [lab/*, web], deny: {from: 00:00, to: 23:59}}]");
  CHECK(at(all, "2026-11-23 08:30") == "2026-11-23T09:00");  // 18:00 in Seoul
  CHECK(at(all, "2026-11-23 09:00") == "open");
  CHECK(at(all, "2026-11-23 12:00") == "2026-11-24T09:00");
  CHECK(closed_at(all, {"lab/one", "default", {}}, utc("2026-11-23 09:00")));
  CHECK(closed_at(all, {"prod", "default", "web"}, utc("2026-11-23 09:00")));
}

TEST_CASE("windows that never open say so") {
  const auto past = windows("{time_zone: UTC, allow: [{dates: 2020-01-01}]}");
  CHECK(at(past, "2026-11-23 09:00") == "never");
  const auto far = windows("{time_zone: UTC, allow: [{dates: 2027-10-01}]}");
  CHECK(at(far, "2026-11-23 09:00") == "2027-10-01T00:00");
  CHECK(at({}, "2026-11-23 09:00") == "open");
}

TEST_CASE("an opening is the first moment that is open, and closed until then") {
  const auto odd = windows(
      "[{time_zone: America/St_Johns, allow: [{days: tue-thu, from: 23:30, to: 01:15}, {days: sat}],"
      "  deny: [{from: 00:10, to: 00:20}]},"
      " {time_zone: Pacific/Chatham, deny: [{days: wed, from: 03:00, to: 15:45}]}]");
  const Time begin = utc("2026-10-20 00:00");
  for (int quarter = 0; quarter < 4 * 24 * 21; ++quarter) {
    const Time now = begin + std::chrono::minutes(15 * quarter);
    const auto closed = closed_at(odd, kProject, now);
    if (!closed) continue;
    REQUIRE(closed->until);
    INFO(written(now) << " " << written(*closed->until));
    REQUIRE(*closed->until > now);
    CHECK_FALSE(closed_at(odd, kProject, *closed->until));
    for (Time before = now; before < *closed->until; before += std::chrono::minutes(5)) {
      const auto still = closed_at(odd, kProject, before);
      REQUIRE(still);
      CHECK(still->until == closed->until);
      if (before > now + std::chrono::hours(2)) break;
    }
  }
}

TEST_CASE("what is wrong with windows is said with its line and what to write") {
  CHECK(complaint("{time_zone: Europe/Berln, allow: {days: mon}}") ==
        "windows:1: \"Europe/Berln\" is no time zone of this system's tzdata; write one like Europe/Berlin, "
        "Asia/Seoul or UTC");
  CHECK(complaint("time_zone: UTC\nallow:\n  - {days: moonday}\n") ==
        "windows:3: \"moonday\" is no day; write mon, tue, wed, thu, fri, sat, sun, or mon-fri");
  CHECK(complaint("{time_zone: UTC, allow: {from: 9:00}}") ==
        "windows:1: \"9:00\" is no time of the day; write 00:00 to 24:00");
  CHECK(complaint("{time_zone: UTC, allow: {from: '24:01'}}").find("is no time of the day") !=
        std::string::npos);
  CHECK(complaint("{time_zone: UTC, allow: {from: '09:00', to: '09:00'}}") ==
        "windows:1: `from` and `to` are the same; leave both out for whole days");
  CHECK(complaint("{time_zone: UTC, deny: {dates: 2026-02-30}}").find("is no date") != std::string::npos);
  CHECK(complaint("{time_zone: UTC, deny: {dates: 2026-12-24..2026-12-01}}").find("ends before it begins") !=
        std::string::npos);
  CHECK(complaint("{time_zone: UTC}").find("a calendar says when") != std::string::npos);
  CHECK(complaint("{allow: {days: mon}}").find("time_zone") != std::string::npos);
  CHECK(complaint("{time_zone: UTC, alow: {days: mon}}").find("did you mean \"allow\"?") !=
        std::string::npos);
}
