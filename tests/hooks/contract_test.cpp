#include "core/failure.h"
#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>

#include <map>

namespace slipway::hooks {
namespace {

/// Settings that a hook of each kind accepts; a new kind needs a line here.
Settings sample(std::string_view kind, const Directory& directory) {
  const std::map<std::string_view, Settings> samples = {
      {"prometheus_file_sd",
       settings({{"kind", text("prometheus_file_sd")}, {"directory", text(directory.file("sd"))}})},
      {"ansible", settings({{"kind", text("ansible")},
                            {"directory", text(directory.path())},
                            {"playbook", text("site.yml")},
                            {"on_destroy", text("retire.yml")}})},
      {"http", settings({{"kind", text("http")},
                         {"url", text("http://127.0.0.1:1/hook")},
                         {"secret", settings({{"env", text("SECRET")}})}})},
  };
  const auto found = samples.find(kind);
  if (found == samples.end()) FAIL("the contract of hooks has no sample settings of " << kind);
  return found->second;
}

Settings with(const Settings& settings, const std::string& key, const Settings& value) {
  Settings::Map map = settings.map();
  map.emplace_back(key, value);
  return {std::move(map), settings.place()};
}

Settings without(const Settings& settings, const std::string& key) {
  Settings::Map map = settings.map();
  std::erase_if(map, [&](const auto& member) { return member.first == key; });
  return {std::move(map), settings.place()};
}

std::string refusal(const HookKind& kind, const Settings& settings) {
  try {
    kind.check(settings);
  } catch (const SettingsError& error) {
    return error.what();
  }
  return {};
}

const Machine kWeb = machine("web-1", "10.0.0.1", {9100});
const Estate kEstate = {version("prod/web", {kWeb})};

TEST_CASE("every hook says what it does, and checks its settings without touching anything") {
  for (const HookKind& kind : hook_kinds()) {
    INFO(kind.kind);
    const Directory directory;
    const Settings good = sample(kind.kind, directory);
    CHECK_FALSE(kind.help.empty());
    CHECK(refusal(kind, good).empty());
    CHECK(refusal(kind, with(good, "name", text("another"))).empty());
    CHECK(refusal(kind, with(good, "playbok", text("x"))).find("unknown key \"playbok\"") !=
          std::string::npos);
    for (const auto& [key, value] : good.map()) {
      const bool needed = key != "kind" && key != "on_destroy";
      if (needed) CHECK(refusal(kind, without(good, key)) == "slipway.yaml:1: \"" + key + "\" is missing");
    }
    CHECK(directory.names().empty());
  }
}

TEST_CASE("a secret or a relative path that is written in a hook's settings is refused") {
  const Directory directory;
  for (const HookKind& kind : hook_kinds()) {
    const Settings good = sample(kind.kind, directory);
    if (good.find("secret") != nullptr)
      CHECK_FALSE(refusal(kind, with(without(good, "secret"), "secret", text("hunter2"))).empty());
    if (good.find("directory") != nullptr)
      CHECK_FALSE(refusal(kind, with(without(good, "directory"), "directory", text("targets"))).empty());
  }
}

TEST_CASE("every hook takes every event, twice over") {
  for (const HookKind& kind : hook_kinds()) {
    INFO(kind.kind);
    const Directory directory;
    Fakes fakes;
    const auto hook = kind.make(sample(kind.kind, directory), fakes.tools());
    for (const MachineEvent what :
         {MachineEvent::Created, MachineEvent::Changed, MachineEvent::Replaced, MachineEvent::Destroyed}) {
      HookEvent one = event(what, kWeb);
      if (what == MachineEvent::Changed || what == MachineEvent::Replaced)
        one.before = {machine("web-1", "10.0.0.9")};
      const Estate estate = what == MachineEvent::Destroyed ? Estate{version("prod/web", {})} : kEstate;
      TextOutput log;
      CHECK_NOTHROW(hook->handle(one, estate, log, {}));
      CHECK_NOTHROW(hook->handle(one, estate, log, {}));
      CHECK_FALSE(log.text.empty());
    }
  }
}

TEST_CASE("every hook keeps the order of one machine's events") {
  for (const HookKind& kind : hook_kinds()) {
    INFO(kind.kind);
    const Directory directory;
    Fakes fakes;
    const auto hook = kind.make(sample(kind.kind, directory), fakes.tools());
    const std::string lane = hook->lane(event(MachineEvent::Created, kWeb));
    CHECK_FALSE(lane.empty());
    CHECK(hook->lane(event(MachineEvent::Destroyed, kWeb)) == lane);
    // A projection that is made equal to an older estate beside an event's would undo it.
    CHECK((hook->converge_lane().empty() || hook->converge_lane() == lane));
  }
}

TEST_CASE("every hook can be made equal to any estate, also to none, and again") {
  for (const HookKind& kind : hook_kinds()) {
    INFO(kind.kind);
    const Directory directory;
    Fakes fakes;
    const auto hook = kind.make(sample(kind.kind, directory), fakes.tools());
    for (const Estate& estate : {Estate{}, kEstate, kEstate, Estate{}})
      CHECK_NOTHROW(hook->converge(estate, {}));
  }
}

}  // namespace
}  // namespace slipway::hooks
