#include "tests/bot/work/repository_room.h"

#include "store/sqlite_store.h"

#include <fmt/format.h>

namespace slipway::work {
namespace {

const std::string kMain = "refs/heads/main";

}  // namespace

RepositoryRoom::RepositoryRoom(const FakeRepository::Files& on_main, const std::string& more_config)
    : world(more_config) {
  commit(on_main);
  world.start([&] { return store::open_sqlite(world.data_dir()); });
  world.settle();
}

std::string RepositoryRoom::resources(const std::string& names) {
  return fmt::format("# resources: {}\nresource \"x\" \"y\" {{}}\n", names);
}

FakeRepository::Files RepositoryRoom::files() const {
  return repository.files(repository.tree_of(repository.refs.at(kMain)));
}

void RepositoryRoom::commit(const FakeRepository::Files& files) {
  Sha& main = repository.refs.at(kMain);
  main = repository.commit(files, {main});
}

std::int64_t RepositoryRoom::open_leaving(const FakeRepository::Files& files) {
  const Sha base = repository.refs.at(kMain);
  vcs::NewPull pull;
  pull.head = repository.commit(files, {base});
  const std::int64_t number = world.forge.open_pull(pull);
  world.forge.pull("acme/infra", number).base = base;
  repository.refs[fmt::format("refs/pull/{}/head", number)] = pull.head;
  tell(number);
  return number;
}

std::int64_t RepositoryRoom::open(const FakeRepository::Files& changes) {
  FakeRepository::Files head = files();
  for (const auto& [path, text] : changes) head[path] = text;
  return open_leaving(head);
}

void RepositoryRoom::merge(std::int64_t number) {
  world.merge_pull(number);
  tell(number);
}

void RepositoryRoom::tell(std::int64_t number) {
  world.deliver("pull_request", number);
  world.settle();
}

std::vector<Change> RepositoryRoom::changes(std::int64_t number) {
  std::vector<Change> out;
  world.store().read(
      [&](const store::Snapshot& rows) { out = rows.changes.of_pull({{"github", "acme/infra"}, number}); });
  return out;
}

std::string RepositoryRoom::comment(std::int64_t number) {
  const auto all = world.bot_comments(number);
  return all.empty() ? "" : all.front().body;
}

}  // namespace slipway::work
