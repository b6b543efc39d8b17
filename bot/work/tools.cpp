#include "bot/work/tools.h"

#include "core/failure.h"

#include <fmt/format.h>

namespace slipway::work {

vcs::Host& Tools::host(const std::string& forge) const {
  const auto found = hosts.find(forge);
  if (found == hosts.end())
    throw Failure(fmt::format("the forge \"{}\" is not in the config any more", forge));
  return *found->second;
}

config::RepoConfig Tools::repo(const RepoId& id) const {
  auto found = config.repo(id);
  if (!found) throw Failure(fmt::format("{} matches no entry of `repos:` any more", to_string(id)));
  return *std::move(found);
}

std::string Tools::pull_url(const PullId& pull) const {
  return fmt::format("{}/pulls/{}/{}/{}", config.public_url, pull.repo.forge, pull.repo.path, pull.number);
}

}  // namespace slipway::work
