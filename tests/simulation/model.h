#pragma once

#include "core/clock.h"
#include "core/ids.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::simulation {

/// What a story's chances are: a seed's character.
struct Habits {
  bool calm = false;           // nothing goes wrong, and nobody merges what was not shown
  bool hurried = false;        // people leave the bot little time
  bool two_processes = false;  // several processes on one store
  bool on_comment = false;
  bool state_kept_by_us = false;
  bool needs_approval = false;   // requirements: [approved]
  bool writers_confirm = false;  // else the author may not
  bool policies = false;
  bool machines = false;
  bool long_nights = false;      // time jumps past the expiry of plans
  unsigned deliveries_lost = 0;  // percent
  unsigned deliveries_doubled = 0;
  unsigned trouble = 0;          // permille of turns in which a process is hurt
  unsigned meddling = 0;         // percent of people's acts that are done behind the bot's back
  unsigned freezing = 0;         // percent of people's acts that begin or end a freeze
  unsigned unlucky_applies = 0;  // percent
  unsigned failing_plans = 0;    // percent
  std::size_t acts = 0;          // of people
};

inline constexpr std::string_view kOverridable = "no-destroy";  // denies the end of what is called k…
inline constexpr std::string_view kMandatory = "never";         // denies the end of what is called n…
inline constexpr std::string_view kOwner = "dora";              // of both policies

/// What happened outside of the bot, as its author knows it: nothing here was asked of the code under test.
struct Model {
  struct Pull {
    std::int64_t number = 0;
    std::string author;
    std::set<std::string> dirs;  // that some push of it touched
    bool known_before_first_sight = false;
  };
  struct Shown {  // a plan that a comment shows since
    std::int64_t pull = 0;
    PlanId plan;
    Time at{};
  };
  struct Command {  // by a person, in a comment
    std::int64_t pull = 0;
    std::int64_t comment = 0;
    std::string who;
    std::string text;
    Sha head;  // of the pull request then
    bool open = false;
    Time at{};
  };
  struct Merge {
    std::int64_t pull = 0;
    std::string method;
    Sha head;
    Sha commit;
    Sha base_before;
    Time at{};
    std::set<std::string> dirs;  // that it changes
  };
  struct Review {
    std::int64_t pull = 0;
    std::string who;
    bool approved = false;
    Sha head;
    Time at{};
  };

  std::map<std::int64_t, Pull> pulls;
  std::vector<Shown> shown;
  std::vector<Command> commands;
  std::vector<Merge> merges;  // in the order of the base branch
  std::vector<Review> reviews;
  std::map<std::string, Time> meddled;  // by directory: when a foreign hand moved its state last
  std::map<std::string, Time>
      pushed_base;                   // by directory: when somebody pushed to the base branch past pulls
  std::set<std::string> deliveries;  // that were accepted, by id
  std::optional<Sha> baseline;       // head of the base branch at first sight

  bool shown_by(std::int64_t pull, const PlanId& plan, Time by) const;
  const Merge* merge_of(std::int64_t pull) const;
};

}  // namespace slipway::simulation
