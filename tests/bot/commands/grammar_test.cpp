#include "bot/commands/grammar.h"

#include <catch2/catch.hpp>

#include <set>

using namespace slipway;
using namespace slipway::commands;

namespace {

const std::vector<std::string> kPrefixes = {"slipway"};

change::Call call(std::string_view body) {
  const auto asked = parse_comment(body, kPrefixes);
  REQUIRE(asked);
  INFO((*asked ? "" : (*asked).error().text()));
  REQUIRE(*asked);
  return (*asked)->call;
}

std::string error(std::string_view body) {
  const auto asked = parse_comment(body, kPrefixes);
  REQUIRE(asked);
  REQUIRE_FALSE(*asked);
  return asked->error().text();
}

bool ours(std::string_view body) { return parse_comment(body, kPrefixes).has_value(); }

}  // namespace

TEST_CASE("a command is the first line of a comment") {
  CHECK(call("slipway plan").command == "plan");
  CHECK(call("slipway plan\nplease, it is urgent").command == "plan");
  CHECK(call("  slipway  plan  ").command == "plan");
  CHECK(call("Slipway plan").command == "plan");
  CHECK(call("slipway plan\r\nmore").command == "plan");
}

TEST_CASE("talk, quotes and code are never commands") {
  CHECK_FALSE(ours("we should say slipway plan"));
  CHECK_FALSE(ours("> slipway apply"));
  CHECK_FALSE(ours("`slipway apply`"));
  CHECK_FALSE(ours("    slipway apply"));
  CHECK_FALSE(ours("```\nslipway apply\n```"));
  CHECK_FALSE(ours("\nslipway apply"));
  CHECK_FALSE(ours("slipwayapply"));
  CHECK_FALSE(ours(""));
  CHECK_FALSE(ours("\tslipway apply"));
}

TEST_CASE("another prefix counts when the config adds it") {
  CHECK(parse_comment("atlantis plan", {"slipway", "atlantis"}).has_value());
  CHECK_FALSE(parse_comment("atlantis plan", kPrefixes).has_value());
}

TEST_CASE("the prefix alone asks for help") { CHECK(call("slipway").command == "help"); }

TEST_CASE("options choose projects, with a space or an equals sign") {
  const auto one = call("slipway plan -d prod/web -w blue");
  CHECK(one.dir == "prod/web");
  CHECK(one.workspace == "blue");
  CHECK(call("slipway plan --dir=./prod//web/").dir == "prod/web");
  CHECK(call("slipway plan -p net").project == "net");
  CHECK(call("slipway plan").selects_all());
}

TEST_CASE("a project is named wholly or by its parts, not both") {
  CHECK(error("slipway plan -p net -d prod").find("-p") != std::string::npos);
  CHECK(error("slipway plan -d a -d b").find("twice") != std::string::npos);
}

TEST_CASE("directories, workspaces and names that leave their place are refused") {
  CHECK(error("slipway plan -d ../other").find("..") != std::string::npos);
  CHECK(error("slipway plan -d /etc").find("relative") != std::string::npos);
  CHECK(error("slipway plan -w a/b").find("workspace") != std::string::npos);
  CHECK(error("slipway plan -w $(id)").find("workspace") != std::string::npos);
  CHECK(error("slipway plan -p ../x").find("project") != std::string::npos);
  CHECK(error("slipway plan -d").find("value") != std::string::npos);
}

TEST_CASE("Terraform arguments come after two dashes, and only the harmless ones") {
  CHECK(call("slipway plan -- -target=a.b -destroy").flags ==
        std::vector<std::string>{"-target=a.b", "-destroy"});
  CHECK(call("slipway plan -- -target 'a.b[\"x y\"]'").flags ==
        std::vector<std::string>{"-target=a.b[\"x y\"]"});
  CHECK(call("slipway plan -- --refresh-only").flags == std::vector<std::string>{"-refresh-only"});
  CHECK(call("slipway plan -- -var-file env/prod.tfvars").flags ==
        std::vector<std::string>{"-var-file=env/prod.tfvars"});
  CHECK_FALSE(error("slipway plan -- -chdir=/etc").empty());
  CHECK_FALSE(error("slipway plan -- -out=/tmp/x").empty());
  CHECK_FALSE(error("slipway plan -- -var-file=/etc/passwd").empty());
  CHECK_FALSE(error("slipway plan -- -var-file=../../x").empty());
  CHECK_FALSE(error("slipway plan -target=a.b").empty());
  CHECK_FALSE(error("slipway apply -- -target=a.b").empty());
  CHECK_FALSE(error("slipway plan -- ; rm -rf /").empty());
}

TEST_CASE("apply takes one plan id, approve one policy") {
  CHECK(call("slipway apply 7f3a9e01").words == std::vector<std::string>{"7f3a9e01"});
  CHECK(call("slipway approve no-destroy").words == std::vector<std::string>{"no-destroy"});
  CHECK_FALSE(error("slipway apply a b").empty());
  CHECK_FALSE(error("slipway plan everything").empty());
}

TEST_CASE("unlock --force names a lock of Terraform's, and no other command can be forced") {
  CHECK_FALSE(call("slipway unlock").force);
  const change::Call forced = call("slipway unlock --force 9dc5a002-6dfb -d net");
  CHECK(forced.force);
  CHECK(forced.words == std::vector<std::string>{"9dc5a002-6dfb"});
  CHECK(forced.dir == "net");
  CHECK(error("slipway discard --force").find("unknown option `--force`") != std::string::npos);
  CHECK_FALSE(error("slipway unlock --force a b").empty());
}

TEST_CASE("a freeze has a reason of many words, and may say how long it lasts") {
  const change::Call freeze = call("slipway freeze --for 3d the year is being closed -d prod/web");
  CHECK(freeze.words == std::vector<std::string>{"the", "year", "is", "being", "closed"});
  CHECK(freeze.lasts == std::chrono::hours(72));
  CHECK(freeze.dir == "prod/web");
  CHECK(call("slipway freeze --for=90m because").lasts == std::chrono::minutes(90));
  CHECK(call("slipway unfreeze").command == "thaw");
  CHECK(error("slipway freeze --for soon because").find("is no length of time") != std::string::npos);
  CHECK(error("slipway freeze because --for") == "`--for` needs a value");
  CHECK(error("slipway plan --for 3d").find("unknown option `--for`") == 0);
  CHECK(error("slipway thaw the ice") == "`thaw` takes no `the`");
}

TEST_CASE("a word that is no command gets a suggestion") {
  CHECK(error("slipway aply").find("apply") != std::string::npos);
  CHECK(error("slipway frobnicate").find("help") != std::string::npos);
}

TEST_CASE("quotes that are not closed, control characters and endless lines are refused") {
  CHECK(error("slipway plan -d 'a").find("quote") != std::string::npos);
  CHECK(error(std::string("slipway plan \x01")).find("control") != std::string::npos);
  CHECK(error("slipway plan " + std::string(kMaxCommandLine, 'a')).find("characters") != std::string::npos);
}

TEST_CASE("every registered command has a help sentence, a step and a name of its own") {
  std::set<std::string_view> names;
  for (const CommandKind& kind : command_kinds()) {
    CHECK(names.insert(kind.name).second);
    for (const std::string_view alias : kind.aliases) CHECK(names.insert(alias).second);
    CHECK_FALSE(kind.help.empty());
    CHECK(kind.step != nullptr);
  }
}
