#include "bot/work/payload.h"

namespace slipway::work {

Json write(const RepoId& repo) { return Json::object({{"forge", repo.forge}, {"path", repo.path}}); }

Json write(const PullId& pull) { return Json::object({{"repo", write(pull.repo)}, {"number", pull.number}}); }

Json write(const ProjectId& project) {
  return Json::object({{"dir", project.dir}, {"workspace", project.workspace}, {"name", project.name}});
}

Json write(const ChangeId& change) {
  return Json::object({{"pull", write(change.pull)}, {"project", write(change.project)}});
}

RepoId read_repo(const JsonReader& in) { return {in["forge"].string(), in["path"].string()}; }

PullId read_pull(const JsonReader& in) { return {read_repo(in["repo"]), in["number"].integer()}; }

ProjectId read_project(const JsonReader& in) {
  return {in["dir"].string(), in["workspace"].string(), in["name"].string()};
}

ChangeId read_change(const JsonReader& in) { return {read_pull(in["pull"]), read_project(in["project"])}; }

}  // namespace slipway::work
