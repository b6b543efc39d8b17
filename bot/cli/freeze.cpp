#include "bot/work/jobs/freeze.h"

#include "bot/cli/cli.h"
#include "bot/config/config.h"
#include "core/failure.h"
#include "core/freeze.h"
#include "store/store.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace slipway::cli {
namespace {

/// What of the command line both commands share.
struct Asked {
  std::string file;
  bool all = false;
  std::string forge;
  std::string repo;
  std::string dir;
  std::string workspace;
  std::string project;
  std::vector<std::string> reason;
  std::string length;
  bool list = false;
};

void add_scope(CLI::App& command, Asked& asked) {
  command.add_option("-c,--config", asked.file, "The configuration (slipway.yaml)")->required();
  command.add_flag("--all", asked.all, "Every repository");
  command.add_option("--repo", asked.repo, "One repository: acme/infra");
  command.add_option("--forge", asked.forge, "The forge's name, where there are several");
  command.add_option("-d,--dir", asked.dir, "A directory of it");
  command.add_option("-w,--workspace", asked.workspace, "A Terraform workspace");
  command.add_option("-p,--project", asked.project, "A project by its name");
}

template <class Parse>
std::string checked(const std::string& text, Parse&& parse, std::string_view option) {
  if (text.empty()) return {};
  const auto parsed = parse(text);
  if (!parsed) throw SettingsError(fmt::format("{}: {}", option, parsed.error().text()));
  return *parsed;
}

RepoId repo_of(const Asked& asked, const config::Config& config) {
  const RepoId repo{asked.forge.empty() ? config.forges.front().host.name : asked.forge,
                    checked(asked.repo, parse_repo_path, "--repo")};
  if (asked.forge.empty() && config.forges.size() > 1)
    throw SettingsError("--forge: there are several forges: say which one the repository is at");
  const bool known = std::any_of(config.forges.begin(), config.forges.end(),
                                 [&](const auto& forge) { return forge.host.name == repo.forge; });
  if (!known) throw SettingsError(fmt::format("--forge: no forge is called \"{}\"", repo.forge));
  if (!config.repo(repo))
    throw SettingsError(fmt::format("--repo: no entry of `repos:` matches \"{}\"", repo.path));
  return repo;
}

FreezeScope scope_of(const Asked& asked, const config::Config& config) {
  const bool narrow = !asked.dir.empty() || !asked.workspace.empty() || !asked.project.empty();
  if (asked.all == !asked.repo.empty()) throw SettingsError("say what: --all, or --repo REPO");
  if (asked.all && narrow) throw SettingsError("-d, -w and -p choose projects of a --repo");
  if (!asked.project.empty() && (!asked.dir.empty() || !asked.workspace.empty()))
    throw SettingsError("-p names a project wholly: leave -d and -w out");
  FreezeScope scope;
  if (asked.all) return scope;
  scope.repo = repo_of(asked, config);
  scope.dir = checked(asked.dir, parse_dir, "-d");
  scope.workspace = checked(asked.workspace, parse_workspace, "-w");
  scope.name = checked(asked.project, parse_project_name, "-p");
  return scope;
}

/// Who gives the order: through sudo, the person behind it.
std::string own_name() {
  if (const char* name = std::getenv("SUDO_USER")) return name;
  const passwd* entry = getpwuid(getuid());
  return entry == nullptr ? fmt::format("user {}", getuid()) : entry->pw_name;
}

void list(const store::Store& store, Time now) {
  store.read([&](const store::Snapshot& rows) {
    for (const Freeze& freeze : rows.freezes.all())
      if (freeze.holds(now)) std::cout << to_string(freeze.scope) << ": " << words_of(freeze) << '\n';
  });
}

int freeze(const Asked& asked) {
  const auto config = config::load_config(asked.file, false);
  const Time now = SystemClock().now();
  if (asked.list) {
    list(*store::open_sqlite(config.data_dir, store::Access::ReadOnly), now);
    return kDone;
  }
  Freeze freeze{
      scope_of(asked, config), fmt::format("{}", fmt::join(asked.reason, " ")), own_name(), true, now, {}};
  if (freeze.reason.empty())
    throw SettingsError("say why, since every comment shows it: slipway freeze … REASON");
  if (freeze.reason.size() > kMaxFreezeReason)
    throw SettingsError(fmt::format("a reason has at most {} characters", kMaxFreezeReason));
  if (!asked.length.empty()) {
    const auto length = parse_freeze_length(asked.length);
    if (!length) throw SettingsError(length.error().text());
    freeze.until = now + *length;
  }
  const auto store = store::open_sqlite(config.data_dir, store::Access::Visit);
  store->transact([&](store::Transaction& rows) {
    rows.freezes.save(freeze);
    rows.audit.add({0, now, freeze.by, "freeze.begun", to_string(freeze.scope), freeze.reason});
    rows.jobs.add(work::tell_freezes_job(now));
  });
  std::cout << "Frozen: " << to_string(freeze.scope) << ". No apply of it begins; what runs goes on.\n";
  return kDone;
}

int thaw(const Asked& asked) {
  const auto config = config::load_config(asked.file, false);
  const FreezeScope scope = scope_of(asked, config);
  const Time now = SystemClock().now();
  const auto store = store::open_sqlite(config.data_dir, store::Access::Visit);
  bool ended = false;
  store->transact([&](store::Transaction& rows) {
    ended = rows.freezes.end(scope);
    if (!ended) return;
    rows.audit.add({0, now, own_name(), "freeze.ended", to_string(scope), {}});
    rows.jobs.add(work::tell_freezes_job(now));
  });
  std::cout << (ended ? "Not frozen any more: " : "There is no freeze of exactly this: ") << to_string(scope)
            << ".\n";
  list(*store, now);
  return ended ? kDone : kFailed;
}

}  // namespace

void add_freeze(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand(
      "freeze", "Holds back applies until a thaw: nothing new begins, and every comment says why");
  command->footer(
      "Examples: slipway freeze -c slipway.yaml --all --for 3d the year is being closed\n"
      "          slipway freeze -c slipway.yaml --repo acme/infra -d prod/db the database moves\n"
      "          slipway freeze -c slipway.yaml --list");
  auto asked = std::make_shared<Asked>();
  add_scope(*command, *asked);
  command->add_option("--for", asked->length, "Ends by itself after this time: 90m, 3d");
  command->add_flag("--list", asked->list, "Shows what is frozen, and nothing else");
  command->add_option("REASON", asked->reason, "Why");
  command->callback([asked, &code] { code = freeze(*asked); });
}

void add_thaw(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("thaw", "Ends the freeze of the same scope: what waited goes on");
  command->footer("Example: slipway thaw -c slipway.yaml --all");
  auto asked = std::make_shared<Asked>();
  add_scope(*command, *asked);
  command->callback([asked, &code] { code = thaw(*asked); });
}

}  // namespace slipway::cli
