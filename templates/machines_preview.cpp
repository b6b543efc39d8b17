#include "templates/machines_preview.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/sentences.h"

#include <algorithm>
#include <map>
#include <utility>

namespace slipway::templates {
namespace {

constexpr std::size_t kMaxSentencesOfMachines = 6;
constexpr std::size_t kMaxGroupsNamed = 8;

/// Where a machine is known: machines that are known at the same places share a sentence.
struct Places {
  std::vector<std::string> groups;
  std::vector<std::string> jobs;
  auto operator<=>(const Places&) const = default;
};

Places places_of(const Machine& machine) {
  Places places{machine.groups, {}};
  for (const Exporter& exporter : machine.exporters) {
    if (std::find(places.jobs.begin(), places.jobs.end(), exporter.job) == places.jobs.end())
      places.jobs.push_back(exporter.job);
  }
  return places;
}

Inline names(const std::vector<std::string>& items, std::size_t most) {
  std::vector<Inline> out;
  for (const std::string& item : items) out.push_back(code(shortened(item, kMaxName)));
  return listed(std::move(out), most);
}

/// "Ansible groups `web`, `seoul` and Prometheus jobs `node`, `nginx`"
Inline places_text(const Places& places) {
  const auto named = [](std::string_view one, std::string_view many, const std::vector<std::string>& items) {
    Inline out = words(std::string(items.size() == 1 ? one : many) + " ");
    for (std::size_t i = 0; i < std::min(items.size(), kMaxGroupsNamed); ++i) {
      if (i > 0) out += words(", ");
      out += code(shortened(items[i], kMaxName));
    }
    if (items.size() > kMaxGroupsNamed)
      out += words(" and " + grouped(items.size() - kMaxGroupsNamed) + " more");
    return out;
  };
  Inline out;
  if (!places.groups.empty()) out += named("Ansible group", "Ansible groups", places.groups);
  if (!places.groups.empty() && !places.jobs.empty()) out += words(" and ");
  if (!places.jobs.empty()) out += named("Prometheus job", "Prometheus jobs", places.jobs);
  return out.empty() ? words("the Ansible inventory") : out;
}

struct Verbs {
  std::string_view one;
  std::string_view many;
};

/// The subject and verb of each sentence, one per set of places.
void add_sentences(const std::vector<Machine>& machines, Verbs verbs, std::vector<Inline>& out) {
  std::map<Places, std::vector<std::string>> by_places;
  for (const Machine& machine : machines)
    by_places[places_of(machine)].push_back(machine.name.empty() ? machine.resource : machine.name);
  for (const auto& [places, who] : by_places) {
    const std::string verb(who.size() == 1 ? verbs.one : verbs.many);
    out.push_back(names(who, kMaxMachinesNamed) + words(" " + verb + " ") + places_text(places));
  }
}

Blocks as_blocks(std::vector<Inline> sentences, Tense tense) {
  const std::size_t all = sentences.size();
  if (all > kMaxSentencesOfMachines) {
    sentences.resize(kMaxSentencesOfMachines);
    sentences.push_back(words(grouped(all - kMaxSentencesOfMachines) + " more sets of machines"));
  }
  Blocks out;
  if (all == 1) {
    const std::string_view key = tense == Tense::WillBe ? "machines.after_the_apply" : "machines.applied";
    out.push_back({Paragraph{sentence(key, {{"what", std::move(sentences.front())}})}});
  } else if (all > 1) {
    const std::string_view key =
        tense == Tense::WillBe ? "machines.list_after_the_apply" : "machines.list_applied";
    out.push_back({Paragraph{sentence(key)}});
    out.push_back({BulletList{std::move(sentences)}});
  }
  return out;
}

}  // namespace

Blocks machines_text(const MachinesShown& machines, Tense tense) {
  const bool will = tense == Tense::WillBe;
  std::vector<Inline> sentences;
  add_sentences(machines.joining, will ? Verbs{"joins", "join"} : Verbs{"joined", "joined"}, sentences);
  add_sentences(machines.changing,
                will ? Verbs{"is updated in", "are updated in"} : Verbs{"was updated in", "were updated in"},
                sentences);
  add_sentences(machines.leaving, will ? Verbs{"leaves", "leave"} : Verbs{"left", "left"}, sentences);
  Blocks out = as_blocks(std::move(sentences), tense);
  if (!machines.problems.empty()) {
    std::vector<Inline> items;
    for (const std::string& problem : machines.problems)
      if (items.size() < kMaxListed) items.push_back(clause(problem));
    out.push_back({Paragraph{sentence("machines.problems")}});
    out.push_back({BulletList{std::move(items)}});
  }
  return out;
}

std::string machines_in_signs(const MachinesShown& machines) {
  std::string out;
  const auto add = [&](std::string_view sign, std::size_t number) {
    if (number > 0) out += (out.empty() ? "" : " ") + std::string(sign) + grouped(number);
  };
  add("+", machines.joining.size());
  add("~", machines.changing.size());
  add("−", machines.leaving.size());
  return out;
}

}  // namespace slipway::templates
