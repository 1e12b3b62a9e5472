// For browsers that know no modules: the page without the program, at once. Read by them alone (nomodule).
document.documentElement.className = "plain";
