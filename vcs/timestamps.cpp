#include "vcs/timestamps.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace slipway::vcs {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Takes a text apart from its front; once something is not as expected, `good` stays false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return fail();
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return fail();
      value = 10 * value + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  void expect(std::string_view text) {
    if (!skip(text)) fail();
  }

  bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::string_view take(std::size_t count) {
    if (rest_.size() < count) {
      fail();
      return {};
    }
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  /// The digits of a fraction, as milliseconds.
  int fraction() {
    int millis = 0;
    int place = 100;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      millis += (rest_.front() - '0') * place;
      place /= 10;
      rest_.remove_prefix(1);
    }
    return millis;
  }

  bool good() const { return good_; }
  bool ended() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool good_ = true;
};

struct Clockface {
  int hours;
  int minutes;
  int seconds;
};

std::optional<Time> moment(std::chrono::year_month_day date, Clockface clock) {
  if (!date.ok() || clock.hours > 23 || clock.minutes > 59 || clock.seconds > 60) return {};
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(clock.hours) +
         std::chrono::minutes(clock.minutes) + std::chrono::seconds(clock.seconds);
}

Clockface clockface(Scanner& text) {
  const int hours = text.number(2);
  text.expect(":");
  const int minutes = text.number(2);
  text.expect(":");
  return {hours, minutes, text.number(2)};
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
  Scanner from(text);
  const int y = from.number(4);
  from.expect("-");
  const int m = from.number(2);
  from.expect("-");
  const int d = from.number(2);
  if (!from.skip("T")) from.expect("t");
  const Clockface clock = clockface(from);
  const int millis = from.skip(".") ? from.fraction() : 0;
  std::chrono::minutes offset{0};
  if (!from.skip("Z") && !from.skip("z")) {
    const int sign = from.skip("-") ? -1 : 1;
    if (sign == 1) from.expect("+");
    const int hours = from.number(2);
    from.expect(":");
    offset = sign * (std::chrono::hours(hours) + std::chrono::minutes(from.number(2)));
  }
  if (!from.ended()) return {};
  const auto local = moment({year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))}, clock);
  if (!local) return {};
  return *local + std::chrono::milliseconds(millis) - offset;
}

std::optional<Time> parse_http_date(std::string_view text) {
  Scanner from(text);
  from.take(3);
  from.expect(", ");
  const int d = from.number(2);
  from.expect(" ");
  const auto name = std::find(kMonths.begin(), kMonths.end(), from.take(3));
  from.expect(" ");
  const int y = from.number(4);
  from.expect(" ");
  const Clockface clock = clockface(from);
  from.expect(" GMT");
  if (!from.ended() || name == kMonths.end()) return {};
  const auto m = static_cast<unsigned>(name - kMonths.begin()) + 1;
  return moment({year(y), month(m), day(static_cast<unsigned>(d))}, clock);
}

}  // namespace slipway::vcs
