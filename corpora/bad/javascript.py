const x = () => { return 1; };
