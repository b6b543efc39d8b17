#pragma once

#include "core/ids.h"
#include "core/plan.h"
#include "core/record.h"
#include "core/state_version.h"

#include <tuple>

namespace slipway {

/// What several stored records hold.

template <>
inline constexpr auto kMembers<RepoId> =
    std::tuple(member("forge", &RepoId::forge), member("path", &RepoId::path));
template <>
inline constexpr auto kMembers<PullId> =
    std::tuple(member("repo", &PullId::repo), member("number", &PullId::number));
template <>
inline constexpr auto kMembers<ProjectId> =
    std::tuple(member("dir", &ProjectId::dir), member("workspace", &ProjectId::workspace),
               member("name", &ProjectId::name));
template <>
inline constexpr auto kMembers<ChangeId> =
    std::tuple(member("pull", &ChangeId::pull), member("project", &ChangeId::project));

template <>
inline constexpr auto kWords<Action> = std::array<std::string_view, 8>{
    "no-op", "create", "read", "update", "delete", "delete-create", "create-delete", "forget"};

template <>
inline constexpr auto kMembers<Diagnostic> = std::tuple(
    member("error", &Diagnostic::error), member("summary", &Diagnostic::summary),
    member("detail", &Diagnostic::detail), member("address", &Diagnostic::address),
    member("file", &Diagnostic::file), member("line", &Diagnostic::line), member("code", &Diagnostic::code));

template <>
inline constexpr auto kMembers<PlanCounts> =
    std::tuple(member("create", &PlanCounts::create), member("update", &PlanCounts::update),
               member("destroy", &PlanCounts::destroy), member("replace", &PlanCounts::replace),
               member("read", &PlanCounts::read), member("import", &PlanCounts::import),
               member("move", &PlanCounts::move), member("forget", &PlanCounts::forget),
               member("outputs", &PlanCounts::outputs));

template <>
inline constexpr auto kMembers<StateSerial> =
    std::tuple(member("lineage", &StateSerial::lineage), member("serial", &StateSerial::serial));

}  // namespace slipway
