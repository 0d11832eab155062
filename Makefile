all:
	cmake --preset release -G Ninja && cmake --build --preset release
test: all
	ctest --preset release
