#include "templates/render.h"

#include "templates/fit.h"
#include "templates/html.h"
#include "templates/markdown.h"
#include "templates/messages.h"
#include "templates/plan_comment.h"
#include "templates/terminal.h"
#include "templates/visit.h"

namespace slipway::templates {
namespace {

Document document(const Message& message) {
  return std::visit(Cases{[](const PullReport& report) { return plan_comment(report); },
                          [](const ResultNotice& notice) { return result_notice(notice); },
                          [](const Reply& answer) { return reply(answer); },
                          [](const ProjectIssue& issue) { return project_issue(issue); }},
                    message);
}

}  // namespace

std::string to_markdown(const Message& message, const Traits& traits) {
  return markdown(fitted(document(message), traits), traits);
}

std::string to_html(const Message& message) { return html(document(message)); }

std::string to_terminal(const Message& message, bool colours, std::size_t width) {
  return terminal(document(message), {colours, width});
}

}  // namespace slipway::templates
