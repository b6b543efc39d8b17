#include "bot/cli/cli.h"
#include "bot/config/config.h"
#include "core/failure.h"
#include "runner/runner.h"
#include "runner/terraform.h"
#include "templates/render.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <filesystem>
#include <iostream>

namespace slipway::cli {
namespace {

/// A directory of this command alone; gone when it ends.
class Scratch {
 public:
  Scratch() : path_((std::filesystem::temp_directory_path() / "slipway.XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw Failure("cannot make a directory below " + path_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class Quiet final : public runner::RunLog {
 public:
  explicit Quiet(bool verbose) : verbose_(verbose) {}
  void text(std::string_view bytes) override {
    if (verbose_) std::cerr << bytes;
  }
  void progress(std::size_t, std::size_t) override {}

 private:
  bool verbose_;
};

templates::ProjectReport report_of(const ProjectId& project, runner::PlanOutcome& outcome) {
  templates::ProjectReport report;
  report.change.id.project = project;
  if (auto* made = std::get_if<runner::PlanMade>(&outcome)) {
    PlanRecord record;
    record.id = "local";
    record.counts = made->plan.counts;
    record.destroys = made->plan.destroys();
    record.sandbox = made->level.words;
    report.change.state = record.counts.none() ? ChangeState(phase::NoChanges{record.id})
                                               : ChangeState(phase::Ready{record.id});
    report.plan = templates::PlanShown{std::move(record), std::move(made->plan)};
  } else if (auto* failed = std::get_if<runner::RunFailed>(&outcome)) {
    report.change.state = phase::PlanFailed{{}, failed->summary, failed->diagnostics};
  }
  return report;
}

int plan(const std::string& directory, const std::string& terraform, bool verbose) {
  const auto path = std::filesystem::canonical(directory);
  // The whole repository is the tree, so that modules beside the project are found.
  auto tree = path;
  for (auto up = path; up != up.root_path(); up = up.parent_path())
    if (std::filesystem::exists(up / ".git")) tree = up;
  const auto dir = parse_dir(std::filesystem::relative(path, tree).string());
  if (!dir) throw Failure(dir.error().text());

  const Scratch scratch;
  SystemRandom random;
  const auto sandbox = runner::make_sandbox(scratch.path());
  const auto tool = runner::make_terraform(*sandbox, {scratch.path()});
  runner::PlanRequest request;
  request.place = {random.hex(16), scratch.path() + "/run", tree.string(), {*dir, "default", {}}};
  std::filesystem::create_directories(request.place.directory);
  request.settings.terraform = terraform;
  request.tag_key = Secret(random.bytes(32));
  Quiet log(verbose);
  auto outcome = tool->plan(request, log, {});

  templates::PullReport report;
  report.command = "slipway";
  report.sandbox = sandbox->level().words;
  report.projects.push_back(report_of(request.place.project, outcome));
  std::cout << templates::to_terminal(report, isatty(STDOUT_FILENO) == 1) << '\n';
  return std::holds_alternative<runner::PlanMade>(outcome) ? kDone : kFailed;
}

}  // namespace

void add_plan(CLI::App& app, int& code) {
  CLI::App* command =
      app.add_subcommand("plan", "Shows the comment that a pull request of this directory would get");
  command->footer("Example: slipway plan prod/web");
  auto directory = std::make_shared<std::string>(".");
  auto terraform = std::make_shared<std::string>("terraform");
  auto verbose = std::make_shared<bool>(false);
  command->add_option("DIR", *directory, "The project's directory (default: this one)");
  command->add_option("--terraform", *terraform, "The binary: terraform or tofu");
  command->add_flag("-v,--verbose", *verbose, "Shows Terraform's own output on stderr");
  command->callback(
      [directory, terraform, verbose, &code] { code = plan(*directory, *terraform, *verbose); });
}

}  // namespace slipway::cli
