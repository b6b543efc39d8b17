#pragma once

#include "core/change.h"
#include "core/freeze.h"
#include "core/machine.h"
#include "core/plan.h"
#include "core/plan_record.h"
#include "core/pull_request.h"
#include "core/traits.h"
#include "core/verdict.h"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace slipway::templates {

/// How a project's apply is asked for: decides the words of "Next".
enum class ApplyMode { OnMerge, OnComment, InQueue };

/// A plan as a message shows it.
struct PlanShown {
  PlanRecord record;
  Plan plan;
};

/// Machines that an apply would make known or forget (preview), or did.
struct MachinesShown {
  std::vector<Machine> joining;
  std::vector<Machine> changing;
  std::vector<Machine> leaving;
  std::vector<std::string> problems;  // mapping rules that failed
};

/// One project's row and section.
struct ProjectReport {
  Change change;
  ApplyMode mode = ApplyMode::OnMerge;
  std::string run_url;                   // of the newest run; empty: none
  std::optional<PlanShown> plan;         // the plan its state speaks of
  std::optional<PlanShown> compared_to;  // AwaitingConfirm: what had been shown before
  MachinesShown machines;
  std::size_t queue_place = 0;            // Queued: 1 is next
  std::string queue_ahead;                // "#9"
  std::string depends_on;                 // "`net` of #9": has to be applied first; empty: nothing
  bool depends_on_person = false;         // who has to act before that can be
  std::vector<std::string> unmet;         // requirements not met: "approved: no review approves this head"
  std::optional<Withheld> withheld = {};  // it may not begin now, were it asked to
  std::string stateless;  // it can't be applied, and why: no backend declared, a relative local backend
  std::vector<std::string> by_hand = {};  // commands that push what could not be written, a line each
  std::string stale;  // the plan shown no longer holds, and why: "`main` moved"; empty: it holds
};

/// The sticky comment: one pull request through its whole life.
struct PullReport {
  PullRequest pull;
  Sha head;   // that the rows are about
  Sha group;  // a merge queue's commit that waits for its statuses; empty: none does
  Sha base;
  std::string base_branch;
  std::vector<std::string> conflicts;
  std::vector<std::string> notes;
  std::string waits_for;  // nothing is planned yet, and why: "it is a draft: …"; empty: nothing is in the way
  std::vector<ProjectReport> projects;
  std::string page_url;
  std::string sandbox;  // level in words
  std::string command;  // the prefix people type: "slipway"
  std::string marker;   // first line of the comment, as `marker.h` makes it
};

/// A short new comment, so that people are notified: a result, a question, a changed set of destroys.
struct ResultNotice {
  enum class What {
    Applied,
    ApplyFailed,
    Interrupted,
    AwaitingConfirm,
    DestroysChanged,
    Degraded
  } what = What::Applied;
  std::vector<ProjectReport> projects;
  std::string sticky_url;
  std::string command;
  std::vector<std::string> mentions;  // people who must act; the only @mentions we ever write
  std::string marker;                 // first line, as of the sticky comment; empty: none
};

/// An answer for the person alone: help, a refusal, an error of grammar.
struct Reply {
  std::string to;      // login
  std::string text;    // our own words; may hold `code` in backticks
  std::string quote;   // what they wrote, shown as code; may be empty
  std::string marker;  // first line; empty: none
};

/// An issue at the forge about one project whose state is not what its base branch says.
struct ProjectIssue {
  enum class What {
    ApplyFailed,
    LeftBehind,  // applied from a pull request that was closed without a merge
    Pushed       // its files came to the base branch without a pull request
  } what = What::ApplyFailed;
  ProjectReport project;
  RepoId repo;
  std::string branch;
  std::string command;
  bool over = false;   // nobody has to do anything any more
  bool open = false;   // its pull request is: the merge queue that had it applied did not merge it
  std::string marker;  // first line; empty: none
};

using Message = std::variant<PullReport, ResultNotice, Reply, ProjectIssue>;

/// The short text of a commit status.
struct StatusText {
  std::string description;
};

}  // namespace slipway::templates
