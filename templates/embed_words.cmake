# Writes OUTPUT, a C++ file that holds every FILES (parted by "|") as a raw string.
string(REPLACE "|" ";" files "${FILES}")
set(entries "")
foreach(file ${files})
  get_filename_component(name "${file}" NAME_WE)
  file(READ "${file}" text)
  string(APPEND entries "      {\"${name}\", R\"words(${text})words\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"templates/embedded_words.h\"

namespace slipway::templates {

const std::vector<EmbeddedWords>& embedded_words() {
  static const std::vector<EmbeddedWords> all = {
${entries}  };
  return all;
}

}  // namespace slipway::templates
")
