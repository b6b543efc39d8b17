# Writes OUTPUT, a C++ file with FUNCTION, which gives every FILES (parted by "|") as a raw string. Names are the
# files' own, without the extension STRIP.
string(REPLACE "|" ";" files "${FILES}")
set(entries "")
foreach(file ${files})
  get_filename_component(name "${file}" NAME)
  if(STRIP)
    string(REGEX REPLACE "${STRIP}$" "" name "${name}")
  endif()
  file(READ "${file}" text)
  string(APPEND entries "      {\"${name}\", R\"words(${text})words\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"templates/embedded_words.h\"

namespace slipway::templates {

const std::vector<EmbeddedWords>& ${FUNCTION}() {
  static const std::vector<EmbeddedWords> all = {
${entries}  };
  return all;
}

}  // namespace slipway::templates
")
